/** The part of node-sms-pdu that the bench uses; the package has no types of its own. */
declare module "node-sms-pdu" {
  const nodeSmsPdu: {
    generateSubmit(number: string, text: string): { hex: string; length: number }[];
    parse(pdu: string): { text: string };
  };
  export default nodeSmsPdu;
}
