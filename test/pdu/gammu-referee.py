"""Gammu's codec over standard input and output: a JSON list of questions in, a JSON list of answers out."""
import datetime
import json
import sys

import gammu

SMSC = {"Location": 0, "Name": "", "Format": "Text", "Validity": "NA", "Number": "", "DefaultNumber": ""}
NO_HEADER = {"Type": "NoUDH", "Text": b"", "ID8bit": -1, "ID16bit": -1, "PartNumber": -1, "AllParts": -1}


def decode(question):
    sms = gammu.DecodePDU(bytes.fromhex(question["hex"]), True)
    text = sms["Text"]
    header = sms["UDH"]
    return {
        "type": sms["Type"],
        "number": sms["Number"],
        "smsc": sms["SMSC"]["Number"],
        "coding": sms["Coding"],
        "class": sms["Class"],
        "reference": sms["MessageReference"],
        "text": text.hex().upper() if isinstance(text, bytes) else text,
        "part": header["PartNumber"],
        "parts": header["AllParts"],
        "id8": header["ID8bit"],
        "id16": header["ID16bit"],
        "date": sms["DateTime"].isoformat() if sms["DateTime"] else None,
        "status": sms["DeliveryStatus"],
    }


def encode(question):
    smsc = dict(SMSC, Number=question["smsc"], Validity=question.get("validity", "NA"))
    text = question["text"]
    sms = {
        "SMSC": smsc,
        "UDH": NO_HEADER,
        "Folder": 1,
        "InboxFolder": 0,
        "Memory": "SM",
        "Location": 0,
        "Name": "",
        "Number": question["number"],
        "Text": bytes.fromhex(text) if question["coding"] == "8bit" else text,
        "Type": question["layout"],
        "Coding": question["coding"],
        "DateTime": datetime.datetime(2026, 3, 4, 5, 6, 7),
        "SMSCDateTime": datetime.datetime(2026, 3, 4, 5, 6, 7),
        "DeliveryStatus": 0,
        "ReplyViaSameSMSC": 0,
        "State": "UnSent",
        "Class": question["class"],
        "MessageReference": question["reference"],
        "ReplaceMessage": 0,
        "RejectDuplicates": question["rejectDuplicates"],
    }
    return {"hex": gammu.EncodePDU(sms, question["layout"]).hex().upper()}


def split(question):
    entry = {"ID": "ConcatenatedTextLong", "Buffer": question["text"]}
    parts = gammu.EncodeSMS({"Class": -1, "Unicode": question["unicode"], "Entries": [entry]})
    return {"texts": [part["Text"] for part in parts]}


ASK = {"decode": decode, "encode": encode, "split": split}


def answer(question):
    try:
        return ASK[question["ask"]](question)
    except (gammu.GSMError, ValueError) as error:
        return {"error": repr(error)}


json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
