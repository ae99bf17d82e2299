#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The completion for bash, at a terminal: what is offered, and that the names
that it reads from the network stay names."""

import json
import os
import pty
import re
import select
import shlex
import shutil
import tempfile
import time

from net.lib.py import defer, ksft_eq, ksft_exit, ksft_ge, ksft_in, \
    ksft_run, ksft_true

import lab

HERE = lab.Host()

TAB, TELL, ENTER = "\t", "\x14", "\r"

# Files are told by their last name, so that they are whole when they are seen.
SETUP = """
. "$COMPLETION"
PS1='> '
unset HISTFILE
bind 'set enable-bracketed-paste off'
bind 'set completion-query-items 0'
tell() { printf %s "$READLINE_LINE" >part; READLINE_LINE=; mv part line; }
bind -x '"\\C-t": tell'
watch() { _mcpeer "$@"; printf '%s\\n' "${COMPREPLY[@]}" >offers; }
complete -F watch mcpeer
: >ready
"""

# Each of them would do something if a shell read it without quotes: make the
# file x, or become another text.
HOSTILE = (
    "$(>x)", "`>x`", ";>x;", ">x", "&>x&", "|>x", "<(>x)", "${x:=x}", "$HOME",
    "x[$(>x)]", "$((x=1))", "~", "~root", "*", "?", "[a-z]*", "{a,b}", "!!",
    "!x", "^a^b", "#x", "'", '"', "\\", "a\\", "$'\\x61'", "a'b\"c\\d", "(",
    ")", "x=y", "=", "a:b", "@x", "%1", "a%sb%n", "\\$(>x)", "';>x;'",
)


class Shell:
    """A bash in a directory of its own, for which we type."""

    def __init__(self):
        self.directory = tempfile.mkdtemp()
        defer(shutil.rmtree, self.directory)
        with open(self.path("setup"), "w", encoding="ascii") as file:
            file.write(SETUP)
        prefix = os.path.dirname(os.path.dirname(shutil.which("mcpeer")))
        self.terminal, slave = pty.openpty()
        defer(os.close, self.terminal)
        self.process = HERE.popen(
            "bash", "--rcfile", "setup", "-i", cwd=self.directory,
            stdin=slave, stdout=slave, stderr=slave,
            env={**os.environ, "TERM": "dumb", "COMPLETION":
                 f"{prefix}/share/bash-completion/completions/mcpeer"})
        os.close(slave)
        self.written = b""
        self.take("ready")

    def path(self, name):
        """A file in its directory."""
        return os.path.join(self.directory, name)

    def take(self, name, deadline=10):
        """What it wrote into a file, once that is there."""
        end = time.monotonic() + deadline
        while not os.path.exists(self.path(name)):
            # Else it would wait for us.
            if select.select([self.terminal], [], [], 0.02)[0]:
                self.written += os.read(self.terminal, 65536)
            if time.monotonic() > end:
                raise TimeoutError(f"no {name}: {self.written}")
        with open(self.path(name), encoding="ascii") as file:
            text = file.read()
        os.unlink(self.path(name))
        return text

    def type(self, text):
        """Have keys pressed."""
        os.write(self.terminal, text.encode())

    def complete(self, text):
        """The line after a tab behind this text, and what was offered."""
        self.type(text + TAB + TELL)
        line = self.take("line")
        return line, self.take("offers").split("\n")[:-1]

    def offers(self, text):
        """Words that are offered behind this text."""
        return sorted(filter(None, self.complete(text)[1]))

    def run(self, text):
        """What a command prints that ends with a tab."""
        self.type(f"{text}{TAB} >out; mv out result{ENTER}")
        result = self.take("result")
        os.unlink(self.path("offers"))
        return result

    def check_untouched(self):
        """No other file has come to be."""
        ksft_eq(os.listdir(self.directory), ["setup"])


def help_of(*verb):
    """What the command says of itself."""
    return HERE.mcpeer(*verb, "--help").stdout


def options_of(text):
    """Those that a help names, with the long forms that all help has."""
    usage = re.match(r"(Usage:.*(?:\n +.*)*)", text).group()
    longs = dict(re.findall(r"-(\w), --([\w-]+)", help_of() + text))
    letters = set(re.findall(r"(?<!\S)\[?-(\w)\b", usage)) | {"h"}
    return sorted(form for letter in letters
                  for form in (f"-{letter}", f"--{longs[letter]}"))


def what_the_help_names_is_offered():
    """verbs, options and settings; nothing else"""
    shell = Shell()
    verbs = re.findall(r"^  (\w+)  ", help_of().split("Options")[0], re.M)
    ksft_ge(len(verbs), 8)
    ksft_eq(shell.offers("mcpeer "), sorted(verbs))
    ksft_eq(shell.complete("mcpeer mon")[0], "mcpeer monitor ")
    ksft_eq(shell.offers("mcpeer -"),
            sorted(options_of(help_of()) + ["-V", "--version"]))
    for verb in verbs:
        if verb != "group":
            ksft_eq(shell.offers(f"mcpeer {verb} -"),
                    options_of(help_of(verb)), verb)
    text = help_of("group")
    ksft_eq(shell.offers("mcpeer group "),
            sorted(set(re.findall(r"mcpeer group (\w+)", text))))
    ksft_eq(shell.offers("mcpeer group show -"),
            sorted(["-h", "--help", "-j", "--json", "-v", "--verbose"]))
    settings = re.findall(r"^  ([\w-]+) [A-Za-z|]+  ?",
                          text.split("Settings")[1], re.M)
    ksft_ge(len(settings), 16)
    for verb in ("add", "set"):
        ksft_eq(shell.offers(f"mcpeer group {verb} g "), sorted(settings))
    ksft_eq(shell.offers("mcpeer group add g ttl 3 "),
            sorted(set(settings) - {"ttl"}))


def values_are_offered():
    """as far as there are only some"""
    lab.pair()
    shell = Shell()
    start = "mcpeer group set default "
    for text, words in (("off-link ", ["accept", "drop"]),
                        ("repeat ", ["1", "2", "3"]),
                        ("address ", ["none"]), ("ttl ", []),
                        ("targets 10.0.0.5,", ["10.0.0.5\\,broadcast"])):
        ksft_eq(shell.offers(start + text), words, text)
    ksft_in("eth0", shell.offers(start + "interfaces "))
    ksft_eq(shell.complete(start + "listen wlan0,et")[0],
            start + "listen wlan0\\,eth0 ")
    ksft_eq(shell.offers("mcpeer register -l "), ["never"])
    ksft_eq(shell.complete("mcpeer register --batch se")[0],
            "mcpeer register --batch setup ")


def names_are_offered():
    """of peers, those of the group that was named, and of groups"""
    lab.module()
    HERE.mcpeer("group", "add", "lab", "port", "49002")
    HERE.mcpeer("register", "alice")
    HERE.mcpeer("register", "arthur")
    HERE.mcpeer("-g", "lab", "register", "bob")
    shell = Shell()
    for verb in ("show", "register", "unregister", "expire"):
        ksft_eq(shell.offers(f"mcpeer {verb} "), ["alice", "arthur", "bob"])
        ksft_eq(shell.offers(f"mcpeer {verb} -g lab "), ["bob"])
        ksft_eq(shell.offers(f"mcpeer --group=lab {verb} "), ["bob"])
        ksft_eq(shell.complete(f"mcpeer {verb} al")[0],
                f"mcpeer {verb} alice ")
        ksft_eq(shell.offers(f"mcpeer {verb} alice "), [])
    for text in ("-g ", "--group ", "--group=", "stats ", "group show ",
                 "group set ", "group del "):
        ksft_eq(shell.offers(f"mcpeer {text}"), ["default", "lab"], text)
    ksft_eq(shell.offers("mcpeer group add "), [])


def without_the_module_nothing_happens():
    """and nothing is said"""
    lab.unload()
    shell = Shell()
    shell.written = b""
    ksft_eq(shell.complete("mcpeer show a"), ("mcpeer show a", [""]))
    ksft_true(b"module" not in shell.written, shell.written)


def hostile_names_stay_names():
    """The command gets just them; the shell does nothing for them"""
    _, other = lab.pair()
    lab.open_doors()
    sender = other.sender(other.address)
    shell = Shell()
    for name in HOSTILE:
        lab.announce(sender, name)
        lab.wait_until(lambda: HERE.names() == [name], what=name)
        ksft_eq(json.loads(shell.run("mcpeer -j show "))["name"], name)
        shell.check_untouched()
        HERE.mcpeer("expire", "--", name)
    lab.announce(sender, *HOSTILE)
    lab.wait_until(lambda: HERE.names() == sorted(HOSTILE), what="all")
    ksft_eq(sorted(shlex.split(word) for word in
                   shell.offers("mcpeer show ")),
            sorted([name] for name in HOSTILE))
    # Nor does what is typed already, as long as it is not entered.
    for text in ("$(>x)", "`>x`", "-g '$(>x)' ", "-g `>x` ", "x[$(>x)]"):
        shell.complete(f"mcpeer show {text}")
    shell.check_untouched()


def nobody_chooses_options():
    """by a name that looks like one"""
    _, other = lab.pair()
    lab.announce(other.sender(other.address), "-b/dev/zero", "--help", "a-b")
    lab.wait_until(lambda: len(HERE.names()) == 3, what="peers")
    shell = Shell()
    for verb in ("show", "register", "unregister", "expire"):
        ksft_eq(shell.complete(f"mcpeer {verb} ")[0], f"mcpeer {verb} a-b ")
        ksft_eq(shell.offers(f"mcpeer {verb} -- "),
                ["--help", "-b/dev/zero", "a-b"])
        ksft_true("-b/dev/zero" not in shell.offers(f"mcpeer {verb} -"))
        # It is of no use before the verb, nor as the name of a group.
        ksft_eq(shell.offers(f"mcpeer -- {verb} "), ["a-b"])
        ksft_eq(shell.offers(f"mcpeer {verb} -jg -- "), [])
    ksft_eq(json.loads(shell.run("mcpeer -j show -- --h"))["name"], "--help")


if __name__ == "__main__":
    ksft_run([
        what_the_help_names_is_offered,
        values_are_offered,
        names_are_offered,
        without_the_module_nothing_happens,
        hostile_names_stay_names,
        nobody_chooses_options,
    ])
    ksft_exit()
