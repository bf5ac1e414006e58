/** What the API page says about the scheduler as a whole. */
import type { ApiDescription } from "#shared/http-server.ts";

const DESCRIPTION = `Give it debtors, invoices and payments; it decides which reminder each debtor gets and when, hands it to
the gateway, and can always say why it sent or did not.

**Keys.** Every request carries \`Authorization: Bearer KEY\`. \`dunlin scheduler keys create\` makes one.

**Errors** are problem details (RFC 9457). Decide by \`code\`; \`type\` leads to a page that says what to do;
\`retryable\` says whether the same request may succeed later.

**Moments** are RFC 3339 with an offset; answers are in UTC. **Days** are days of the debtor's calendar.
**Amounts** are decimal texts such as "1234.50" with an ISO 4217 currency.`;

export function schedulerApi(version: string): ApiDescription {
  return {
    title: "Dunlin scheduler",
    version,
    description: DESCRIPTION,
    tags: [
      { name: "ledger", description: "Debtors, invoices, payments, holds" },
      { name: "cases", description: "What was decided for a case, and what it was sent" },
      { name: "evidence", description: "What was sent and answered, in a chain that shows changes" },
      { name: "forecast", description: "What goes out today, tomorrow, in the next days" },
      { name: "tasks", description: "Work for people, and what debtors wrote" },
      { name: "rules", description: "Policies, whom they hold for, and the texts that leave" },
      { name: "reports", description: "Aging, recovery, delivery, opt-outs, cost" },
      { name: "operations", description: "How it stands; what only an operator may decide" },
      { name: "keys", description: "Who may call" },
      { name: "health", description: "For machines that watch" },
    ],
  };
}
