"""Cuts commands into words with shlex: reads a JSON list of texts from a file, prints for each the words of its commands, or null."""
import json
import shlex
import sys


def commands(text):
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    found = [[]]
    try:
        for word in lexer:
            if word and not word.strip(";|&"):
                found.append([])
            else:
                found[-1].append(word)
    except ValueError:  # a quote that does not end
        return None
    return [words for words in found if words]


with open(sys.argv[1], encoding="utf-8") as texts:
    print(json.dumps([commands(text) for text in json.load(texts)]))
