/** The names that people give the columns of their lists, in English, German, Spanish, French, Portuguese. */
import type { Field } from "./fields.ts";

/**
 * Normalised: lower case, no accents, words by single spaces. A name that stands first wins over one further
 * down when two columns claim the same field.
 */
export const SYNONYMS: Readonly<Record<Field, readonly string[]>> = {
  invoice: names(
    "invoice number, invoice no, invoice id, invoice, document number, bill number, inv no, inv",
    "rechnungsnummer, rechnungsnr, rechnung nr, re nr, rechnung, belegnummer, belegnr, beleg",
    "numero de factura, n factura, no factura, num factura, factura, nro factura, folio",
    "numero de facture, n facture, no facture, num facture, facture, n de facture, piece",
    "numero da fatura, n fatura, num fatura, fatura, numero de fatura, nota fiscal, numero da nota",
  ),
  version: names("version, revision, stand, versao"),
  amount: names(
    "amount, invoice amount, total, gross amount, total amount, gross, amount paid, payment amount",
    "betrag, rechnungsbetrag, bruttobetrag, brutto, gesamtbetrag, summe, zahlbetrag, importe",
    "importe total, monto, monto total, total factura, valor, importe pagado, montant, montant ttc",
    "montant total, total ttc, montant paye, valor total, quantia, montante, valor da fatura",
    "valor pago",
  ),
  openAmount: names(
    "open amount, amount due, outstanding, outstanding amount, balance, balance due, remaining",
    "offener betrag, offen, offener posten, restbetrag, saldo, saldo pendiente, importe pendiente",
    "pendiente, monto pendiente, adeudado, saldo insoluto, reste du, solde, montant du",
    "reste a payer, solde du, restant du, saldo devedor, valor em aberto, em aberto, valor pendente",
    "por pagar",
  ),
  currency: names("currency, cur, ccy, wahrung, waehrung, moneda, divisa, devise, monnaie, moeda"),
  dueDate: names(
    "due date, due, due on, payment due, pay by, maturity, date due, falligkeit, faelligkeit",
    "falligkeitsdatum, faelligkeitsdatum, fallig am, fallig, zahlbar bis, fecha de vencimiento",
    "vencimiento, vence, fecha vencimiento, fecha limite, vto, f vencimiento, date d echeance",
    "echeance, date echeance, date limite, a payer avant, data de vencimento, vencimento",
    "data vencimento, vence em, data limite",
  ),
  issueDate: names(
    "invoice date, issue date, date of invoice, issued, date issued, document date, billing date",
    "rechnungsdatum, ausstellungsdatum, belegdatum, re datum, datum, fecha de factura",
    "fecha factura, fecha de emision, fecha emision, emision, fecha, date de facture, date facture",
    "date d emission, emission, date, data da fatura, data de emissao, emissao, data fatura, data",
  ),
  description: names(
    "description, subject, details, item, memo, service, beschreibung, betreff, verwendungszweck",
    "leistung, bezeichnung, descripcion, concepto, detalle, asunto, servicio, libelle, objet",
    "designation, prestation, descricao, assunto, detalhe, servico",
  ),
  status: names("status, state, invoice status, zustand, estado, estatus, statut, etat, situacao"),
  debtor: names(
    "customer number, customer no, customer id, account number, account no, account id, client id",
    "client number, debtor id, debtor number, debtor, member number, contact id, policy number",
    "kundennummer, kundennr, kunden nr, kd nr, debitor, debitorennummer, debitor nr",
    "mitgliedsnummer, numero de cliente, n cliente, no cliente, codigo cliente, codigo de cliente",
    "id cliente, cod cliente, numero client, n client, code client, no client, id client",
    "numero de client, compte client, numero do cliente, n do cliente, codigo do cliente",
    "cod do cliente, id do cliente, num cliente",
  ),
  debtorName: names(
    "customer name, customer, name, client, client name, debtor name, full name, contact name",
    "company, kunde, kundenname, firma, empfanger, vollstandiger name, nombre, cliente",
    "nombre del cliente, nombre cliente, razon social, nombre completo, nom, nom du client",
    "nom client, raison sociale, nom complet, societe, nome, nome do cliente, nome cliente",
    "razao social, nome completo",
  ),
  phone: names(
    "mobile, mobile number, mobile phone, phone, phone number, cell, cell phone, telephone, sms",
    "tel, handy, handynummer, mobil, mobilnummer, mobiltelefon, telefon, telefonnummer, rufnummer",
    "movil, telefono movil, celular, telefono, numero de telefono, tel movil, numero movil",
    "portable, telephone portable, tel portable, numero de telephone, numero de portable, gsm",
    "telemovel, telefone, numero de telefone, telefone celular",
  ),
  phone2: names("phone 2, mobile 2, telefon 2, handy 2, telefono 2, movil 2, celular 2, tel 2, telefone 2"),
  email: names("email, e mail, mail, email address, correo, correo electronico, courriel, e mail adresse"),
  language: names("language, lang, locale, sprache, idioma, lengua, langue, lingua"),
  country: names("country, country code, land, pais, pays, landerkennzeichen"),
  region: names("region, province, bundesland, provincia, comunidad, departement, uf"),
  timeZone: names("time zone, timezone, zeitzone, zona horaria, huso horario, fuseau horaire, fuso horario"),
  segment: names("segment, group, customer group, category, kundengruppe, gruppe, segmento, grupo, groupe"),
  kind: names("type, customer type, kind, kundenart, tipo, tipo de cliente, type de client"),
  consent: names(
    "consent, sms consent, opt in, einwilligung, zustimmung, consentimiento, consentement",
    "consentimento",
  ),
  payment: names(
    "payment number, payment id, payment no, transaction id, transaction number, transaction",
    "receipt number, zahlungsnummer, zahlungsnr, transaktionsnummer, buchungsnummer, zahlung nr",
    "numero de pago, id pago, no pago, numero de operacion, transaccion, recibo, numero de paiement",
    "id paiement, n paiement, numero de transaction, numero do pagamento, id pagamento, transacao",
    "recibo n",
  ),
  paidDate: names(
    "payment date, paid on, date paid, paid date, value date, booking date, date of payment",
    "zahlungsdatum, zahldatum, bezahlt am, valuta, wertstellung, buchungsdatum, buchungstag",
    "fecha de pago, fecha pago, pagado el, fecha valor, fecha de operacion, date de paiement",
    "date paiement, paye le, date de valeur, data de pagamento, data pagamento, pago em, data valor",
  ),
  reversed: names(
    "reversed, reversal, chargeback, returned, bounced, ruckbuchung, rucklastschrift, storniert",
    "devuelto, devolucion, reversado, rejete, impaye, annule, estornado, estorno, devolvido",
  ),
};

function names(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(", "));
}
