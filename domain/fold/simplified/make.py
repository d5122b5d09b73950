#!/usr/bin/env python3
"""Makes simplified.txt from OpenCC's TSCharacters.txt: make.py TSCharacters.txt > simplified.txt"""
import collections
import sys

entries = {}
for line in open(sys.argv[1], encoding="utf-8"):
    line = line.rstrip("\n")
    if line and not line.startswith("#"):
        key, values = line.split("\t")[:2]
        entries[key] = values.split(" ")

first = {values[0] for key, values in entries.items() if values[0] != key}
table = {"著": "着"}
for key, values in entries.items():
    if values[0] != key:
        table[key] = values[0]
    elif key not in first and len(values) > 1:
        table[key] = values[1]


def last(char):
    seen = [char]
    while char in table:
        char = table[char]
        if char in seen:
            sys.exit(f"a circle: {seen}")
        seen.append(char)
    return char


groups = collections.defaultdict(list)
for key in table:
    groups[last(key)].append(key)
for char in sorted(groups):
    print(char + "".join(sorted(groups[char])))
