"""Pairs of one entity as it is said and as it is written, made at random: (spoken, written, type, value)."""

ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"))
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def cardinal(n, *, conjunction=" "):
    """A whole number in words; `conjunction` stands between hundreds and the rest."""
    if n < 10:
        return ONES[n]
    if n < 20:
        return TEENS[n - 10]
    if n < 100:
        return TENS[n // 10] + (f" {ONES[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{ONES[n // 100]} hundred" + (f"{conjunction}{cardinal(n % 100)}" if n % 100 else "")
    size, name = next((size, name) for size, name in SCALES if n >= size)
    head = f"{cardinal(n // size, conjunction=conjunction)} {name}"
    return head + (f" {cardinal(n % size, conjunction=conjunction)}" if n % size else "")


def ordinal(n):
    """An ordinal in words."""
    head, space, last = cardinal(n).rpartition(" ")
    last = f"{last[:-1]}ieth" if last.endswith("y") else IRREGULAR.get(last, f"{last}th")
    return f"{head}{space}{last}"


def ordinal_figures(n):
    """An ordinal in figures."""
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"


def year(n):
    """A year as it is said."""
    if 2000 <= n < 2010:
        return cardinal(n)
    if n % 100 == 0:
        return f"{cardinal(n // 100)} hundred"
    rest = f"oh {ONES[n % 100]}" if n % 100 < 10 else cardinal(n % 100)
    return f"{cardinal(n // 100)} {rest}"


def digits(text, random):
    """Digits one by one; zero by either name, two alike sometimes as "double"."""
    words, place = [], 0
    while place < len(text):
        word = random.choice(["oh", "zero"]) if text[place] == "0" and place else ONES[int(text[place])]
        is_pair = text[place : place + 2] == text[place] * 2 and text[place : place + 3] != text[place] * 3
        if is_pair and random.random() < 0.3:
            words += ["double", word]
            place += 2
        else:
            words.append(word)
            place += 1
    return " ".join(words)


def cardinals(random):
    n = random.choice([random.randrange(10, 1000), random.randrange(1000, 10**6), random.randrange(10**6, 10**10)])
    written = random.choice([f"{n:,}", str(n)]) if n < 10**9 else f"{n:,}"
    return cardinal(n, conjunction=random.choice([" ", " and "])), written, "number", str(n)


def decimals(random):
    whole, part = random.randrange(100), str(random.randrange(1, 1000)).rstrip("0")
    spoken = f"{cardinal(whole)} point {' '.join(ONES[int(figure)] for figure in part)}"
    return spoken, f"{whole}.{part}", "number", f"{whole}.{part}"


def scaled(random):
    whole, tenth = random.randrange(1, 100), random.randrange(1, 10)
    scale, name = random.choice(SCALES)
    value = (whole * 10 + tenth) * scale // 10
    return f"{cardinal(whole)} point {ONES[tenth]} {name}", f"{whole}.{tenth} {name}", "number", str(value)


def ordinals(random):
    n = random.choice([random.randrange(11, 100), random.randrange(100, 3000)])
    return ordinal(n), ordinal_figures(n), "ordinal", str(n)


def dollars(random):
    n = random.choice([random.randrange(2, 100), random.randrange(100, 10**7)])
    return f"{cardinal(n)} dollars", f"${n:,}", "money", f"USD {n}"


def cents(random):
    n, cent = random.randrange(2, 1000), random.randrange(1, 100)
    value = f"{n}.{cent:02d}".rstrip("0")
    unit = "cent" if cent == 1 else "cents"
    joint = random.choice([" and ", " "])
    return f"{cardinal(n)} dollars{joint}{cardinal(cent)} {unit}", f"${n}.{cent:02d}", "money", f"USD {value}"


def other_money(random):
    n = random.randrange(2, 1000)
    word, sign, code = random.choice([("euros", "€", "EUR"), ("pounds", "£", "GBP"), ("yen", "¥", "JPY")])
    return f"{cardinal(n)} {word}", random.choice([f"{sign}{n}", f"{n} {word}"]), "money", f"{code} {n}"


def percents(random):
    n, tenth = random.randrange(101), random.randrange(10)
    point = f" point {ONES[tenth]}" if tenth else ""
    value = f"{n}.{tenth}" if tenth else str(n)
    return f"{cardinal(n)}{point} percent", f"{value}{random.choice(['%', ' percent'])}", "percent", value


def years(random):
    n = random.randrange(1300, 2100)
    return f"in {year(n)}", f"in {n}", "number", str(n)


def dates(random):
    y, month, day = random.randrange(1500, 2100), random.randrange(1, 13), random.randrange(1, 29)
    name = MONTHS[month - 1]
    spoken = random.choice([f"{name} {ordinal(day)}", f"the {ordinal(day)} of {name}"])
    written = random.choice([f"{name} {day}", f"{name} {ordinal_figures(day)}", f"{day} {name}"])
    if random.random() < 0.3:
        return spoken, written, "date", f"--{month:02d}-{day:02d}"
    return f"{spoken} {year(y)}", f"{written}{random.choice([', ', ' '])}{y}", "date", f"{y}-{month:02d}-{day:02d}"


def times(random):
    hour, minute = random.randrange(1, 13), random.randrange(60)
    half = random.choice(["a.m.", "p.m."])
    minutes = "" if not minute else f" oh {ONES[minute]}" if minute < 10 else f" {cardinal(minute)}"
    plain = half.replace(".", "")
    spoken = f"{cardinal(hour)}{minutes} {random.choice([half, plain, f'{half[0]} m'])}"
    written = f"{hour}:{minute:02d}{random.choice([f' {half}', f' {plain}', plain])}"
    return spoken, written, "time", f"{hour % 12 + 12 * (half == 'p.m.'):02d}:{minute:02d}"


def open_times(random):
    hour, minute = random.randrange(1, 13), random.randrange(10, 60)
    return f"at {cardinal(hour)} {cardinal(minute)}", f"at {hour}:{minute}", "time", f"{hour}:{minute}?"


def phones(random):
    head, middle, tail = random.randrange(200, 1000), random.randrange(200, 1000), random.randrange(10000)
    number = f"{head}{middle}{tail:04d}"
    written = random.choice(
        [f"({head}) {middle}-{tail:04d}", f"{head}-{middle}-{tail:04d}", f"{head}.{middle}.{tail:04d}", number]
    )
    return digits(number, random), written, "phone", number


def codes(random):
    number = "0" + "".join(random.choices("0123456789", k=random.randrange(2, 6)))
    return digits(number, random), number, "digits", number


def versions(random):
    parts = [random.randrange(40) or 1 for _ in range(3)]
    return " point ".join(map(cardinal, parts)), ".".join(map(str, parts)), "digits", ".".join(map(str, parts))


def emails(random):
    names = [random.choice(["ann", "bob", "sales", "support", "maria"]) for _ in range(random.randrange(1, 3))]
    domain = random.choice(["example.com", "mail.example.org", "example.co.uk"])
    return (
        f"{' dot '.join(names)} at {domain.replace('.', ' dot ')}",
        f"{'.'.join(names).title()}@{domain}",
        "email",
        f"{'.'.join(names)}@{domain}",
    )


def urls(random):
    domain = random.choice(["www.example.com", "docs.example.org", "example.io"])
    path = random.choice(["", "/help", "/en/start"])
    spoken = domain.replace(".", " dot ") + path.replace("/", " slash ")
    return spoken, f"{random.choice(['', 'https://'])}{domain}{path}", "url", f"{domain}{path}"


CLASSES = {
    made.__name__: made
    for made in (
        cardinals,
        decimals,
        scaled,
        ordinals,
        dollars,
        cents,
        other_money,
        percents,
        years,
        dates,
        times,
        open_times,
        phones,
        codes,
        versions,
        emails,
        urls,
    )
}
