"""What each section is scored by: points that a reader would look for, and words that show them.

Points follow the federal school guide and its authoring tool (what each section must contain, the
questions an annex must answer). A machine sees that a thing is spoken of, never that it is right.
"""

from collections.abc import Mapping

Points = tuple[tuple[str, str], ...]
_ADOPTS = r"\b(?:adopt|promulgat|approv)"
_HEADS = r"\b(?:board|principal|superintendent)\b"
_PEOPLE = r"\b(?:students|staff|visitors|everyone)\b"
_GROUNDS = r"\b(?:buildings?|grounds|campus)\b"

POINTS: Mapping[str, Points] = {
    "BP-01": (
        ("the school", r"\b(?:school|academy|elementary|campus)\b"),
        ("the date", r"\b20\d\d\b"),
    ),
    "BP-02": (
        ("who adopts", rf"{_ADOPTS}\w*\b.*{_HEADS}|{_HEADS}.*{_ADOPTS}"),
        ("authority and duty", r"\b(?:authority|authoriz\w+|duty|responsib\w+)\b"),
    ),
    "BP-03": (
        ("from when", r"\b(?:effective|appl(?:y|ies)|in force|from)\b.*\b(?:20\d\d|date|sign)"),
        ("whom it binds", r"\b(?:appl(?:y|ies) to|binds|binding|all staff|everyone)\b"),
        ("earlier plans", r"\b(?:supersedes?|replaces?|takes? the place)\b"),
        ("who may change it", r"\b(?:may|can|authority to) (?:change|modify|amend|update)\b"),
    ),
    "BP-04": (("a dated change", r"\b20\d\d\b|\b\d{1,2}/\d{1,2}/\d{2}\b"),),
    "BP-05": (("who holds the plan", r"\b(?:police|fire|sheriff|district|dispatch|office|ems)\b"),),
    "BP-07": (
        ("what it is for", r"\bplan\b.*\b(?:protect|safe|respond|prepare|emergenc|care)\w*"),
        ("its parts", r"\bannex(?:es)?\b"),
    ),
    "BP-08": (
        ("people and places", rf"{_PEOPLE}.*{_GROUNDS}|{_GROUNDS}.*{_PEOPLE}"),
        ("hours", r"\b(?:before|after|during) (?:and after )?school\b|\bevenings?\b|\bhours\b"),
        ("off site", r"\b(?:field trips?|off[- ]site|away from)\b"),
    ),
    "BP-09": (
        ("people counted", r"\b\d[\d,]*\s+(?:students|people|staff|pupils)\b"),
        ("the building", r"\b(?:building|levels?|stor(?:y|ies)|wings?|floors?)\b"),
        ("hazards in order", r"\b(?:tornado|fire|flood|storm|assailant|earthquake|hazards?)\b"),
        ("access needs as counts", r"\b(?:\d+|one|two|three|four|five|six|ten)\b.*\bhelp\b"),
        ("what comes from outside", r"\b(?:depends?|outside|county|city|district) "),
    ),
    "BP-10": (("arrival of help", r"\b(?:minutes|hours)\b"), ("what may fail", r"\bfail|\bdown\b")),
    "BP-11": (
        ("who activates", r"\bactivat"),
        ("protective actions", r"\block ?down\b"),
        ("agencies", r"\b(?:police|fire|sheriff|ems|dispatch|911)\b"),
        ("access", r"\b(?:disabilit|wheelchair|interpreter|access)\w*"),
    ),
    "BP-12": (
        ("teachers", r"\bteachers?\b"), ("the nurse", r"\bnurse\b"),
        ("custodians", r"\bcustodians?\b"), ("the office", r"\boffice\b|\bsecretar"),
        ("the officer", r"\bsro\b|\bresource officer\b"), ("families", r"\bfamil|\bparents?\b"),
    ),
    "BP-13": (
        ("who commands", r"\bincident commander\b|\bcommands?\b"),
        ("how command passes", r"\b(?:transfer|hands? over|pass(?:es)?|unified|joins?)\b"),
        ("the district", r"\bdistrict\b|\bemergency operations center\b"),
    ),
    "BP-14": (
        ("a source", r"\b(?:from|by|weather|radio|camera|call)\b"),
        ("who judges it", r"\b(?:judges?|decides?|analy|reviews?|checks?)\w*"),
        ("to whom", r"\b(?:to|tells?|receives?|sent)\b"),
    ),
    "BP-15": (
        ("drills", r"\bdrills?\b"), ("how often", r"\b(?:year|month|term|week|each|times)\b"),
        ("families are told", r"\bfamil|\bparents?\b"),
    ),
    "BP-16": (
        ("spending", r"\bspend|\bpurchas|\bbudget|\bcost|\bpay"), ("logs", r"\blogs?\b|\brecord"),
        ("resources", r"\bsuppl|\bequipment|\bresources?\b"),
    ),
    "BP-17": (
        ("the post responsible", r"\b(?:principal|coordinator|officer|team|director|assistant)\b"),
        ("the cycle", r"\b(?:year|annual|month|20\d\d|summer|august)"),
    ),
    "BP-18": (
        ("a law or policy", r"\b(?:law|code|statute|policy|act|guide|\d{2,}[.:-]\d+)\b"),
        ("succession", r"\b(?:succession|stands? in|in place of|absen|next|then)\b"),
    ),
    "FA-EVAC": (
        ("where people gather", r"\bassembly\b|\bfield\b|\bparking\b"),
        ("the second way", r"\b(?:second|other|another|next|blocked)\b"),
        ("people who need help", r"\b(?:help|wheelchair|refuge|stairs)\b"),
    ),
    "FA-LOCK": (
        ("doors", r"\bdoors?\b"), ("who may call it", r"\b(?:anyone|any|calls?|announces?)\b"),
        ("release", r"\b(?:release|key|in person|unlock)"),
    ),
    "FA-SHEL": (
        ("where", r"\b(?:hall|room|level|corridor|interior)\w*"),
        ("air and sealing", r"\bventilation|\bhvac|\bseal"),
        ("supplies", r"\bsuppl|\bkit|\bwater\b"),
    ),
    "FA-ACCT": (
        ("rosters", r"\broster|\broll\b|\blist\b"), ("a missing person", r"\bmissing\b"),
        ("who gathers reports", r"\breports?\b"),
    ),
    "FA-COMM": (
        ("families", r"\bfamil|\bparents?\b"), ("media", r"\bmedia\b|\bpress\b"),
        ("a second channel", r"\b(?:second|fails?|backup|down|runner)"),
    ),
    "FA-REUN": (
        ("proof of identity", r"\b(?:id|identi|photo|proof|verif|check)"),
        ("where", r"\b(?:site|address|church|center|gym|lot)\b"),
        ("privacy and media", r"\bmedia\b|\bprivacy|\bpress\b"),
    ),
    "FA-COOP": (
        ("essential functions", r"\bpayroll|\bmeals?\b|\brecords|\bteaching|\binstruction"),
        ("another place", r"\b(?:other|alternate|another|remote|online)\b"),
    ),
    "FA-RECV": (
        ("reopening", r"\breopen"), ("counseling", r"\bcounsel"),
        ("the long term", r"\b(?:month|year|annivers|long)"),
    ),
    "FA-PHMM": (
        ("first aid", r"\bfirst aid\b|\baed\b|\bcpr\b|\bbleeding"), ("the nurse", r"\bnurse\b"),
        ("mental health", r"\bcounsel|\bpsycholog|\bmental"),
    ),
    "FA-SECU": (
        ("visitors", r"\bvisitors?\b"), ("doors", r"\bdoors?\b|\bentrance"),
        ("threat assessment", r"\bthreat"),
    ),
}  # fmt: skip
