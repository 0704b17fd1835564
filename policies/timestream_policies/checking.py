"""One run of `timestream-policies check`: which rules, which files, and what is accepted or known."""

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from timestream_policies.checkpoints import files_in
from timestream_policies.frameworks import FRAMEWORKS, frameworks_of
from timestream_policies.packs import PACKS, is_advisory, rules_of
from timestream_policies.report import Identity, JudgedState, Report, merge
from timestream_policies.rule import RULES, Rule
from timestream_policies.settings import DEFAULTS, Settings, WrongSettings, closest, no_rule, read_settings
from timestream_policies.shares import judge_in_shares
from timestream_policies.states import Unreadable, read
from timestream_policies.suppressions import Suppressions, read_suppressions


class WrongRequest(ValueError):
    """What was asked for cannot be done; the text says why, and the way out."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What the user asked for."""

    states: tuple[str, ...]
    packs: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    framework: str | None = None
    settings: str | None = None
    suppressions: str | None = None
    suppress: bool = True
    previous: str | None = None
    state: str | None = None
    baseline: str | None = None
    jobs: int = 1
    with_evidence: bool = False
    output: str | None = None


class _Task(msgspec.Struct, frozen=True):
    """One file to judge, in whatever process."""

    file: str
    rules: tuple[str, ...]
    settings: Settings
    previous: str | None
    state: str | None
    with_evidence: bool
    jobs: int = 1


def run(request: Request, progress: Callable[[int, int], None] | None = None) -> tuple[Report, Settings]:
    """Judge what was asked for. `progress` is told how many files of how many are done."""
    settings = load_settings(request.settings)
    rules, selection, packs = chosen_rules(request, settings)
    known = known_findings(request.baseline) if request.baseline else frozenset()
    suppressions = _suppressions(request, settings)
    files = [file for source in request.states for file in files_in(source)]
    if request.output is not None:
        _spare_inputs(request.output, request, settings, files)
    for option, value in (("--previous", request.previous), ("--state", request.state)):
        if value is not None and len(files) != 1:
            raise WrongRequest(f"{option} is about one stack; give one STATE, not {len(files)}")
    ids = tuple(rule.id for rule in rules)
    tasks = [
        _Task(
            file,
            ids,
            settings,
            request.previous,
            request.state,
            request.with_evidence,
            request.jobs if len(files) == 1 else 1,
        )
        for file in _once(files)
    ]
    report = merge(
        _judged(tasks, request.jobs, progress),
        rules,
        settings=settings,
        suppressions=suppressions,
        use_program=request.suppress,
        known=known,
    )
    report.selection, report.packs = selection, packs
    return report, settings


def _spare_inputs(output: str, request: Request, settings: Settings, files: Sequence[str]) -> None:
    """Refuse to write the report over a file that is read, under whatever name."""
    inputs = [
        *(("STATE", file) for file in files),
        ("--previous", request.previous),
        ("--state", request.state),
        ("--baseline", request.baseline),
        ("--settings", request.settings),
        ("--suppressions", request.suppressions),
    ]
    if isinstance(settings.suppressions, str):
        inputs.append(("the suppressions of --settings", str(_from_here(settings.suppressions))))
    written = _identity(output)
    if written is None:
        return
    for what, path in inputs:
        if path is not None and _identity(path) == written:
            raise WrongRequest(
                f"--output {output} would overwrite {what} {path}; "
                "give another file, or leave --output out to print the report"
            )


def _identity(path: str) -> tuple[int, int] | None:
    """Return what a file is the same by, through links too; None for what is no file, or not there yet."""
    try:
        found = os.fstat(0) if path == "-" else Path(path).stat()
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _once(files: Sequence[str]) -> list[str]:
    """Return each file once, however often it is named: its findings must not count twice."""
    found: dict[str, str] = {}
    for file in files:
        found.setdefault(file if file == "-" else os.path.realpath(file), file)
    return list(found.values())


def _judged(
    tasks: Sequence[_Task], jobs: int, progress: Callable[[int, int], None] | None
) -> list[JudgedState]:
    judged: list[JudgedState] = []
    # Standard input can be read by this process alone.
    if min(jobs, len(tasks)) > 1 and all(task.file != "-" for task in tasks):
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(min(jobs, len(tasks))) as pool:
            for done in pool.map(_judge, tasks):
                judged.append(done)
                if progress is not None:
                    progress(len(judged), len(tasks))
        return judged
    for task in tasks:
        judged.append(_judge(task))
        if progress is not None:
            progress(len(judged), len(tasks))
    return judged


def _judge(task: _Task) -> JudgedState:
    state = read(task.file, previous=task.previous, state=task.state, settings=task.settings)
    rules = [RULES[id_] for id_ in task.rules]
    return judge_in_shares(state, rules, jobs=task.jobs, with_evidence=task.with_evidence)


def chosen_rules(request: Request, settings: Settings) -> tuple[list[Rule], str, tuple[str, ...]]:
    """Return the rules that run, how to speak of them, and the packs that they are from.

    `--only` names rules of any pack. A framework is asked of all rules but the advisory ones,
    unless packs are given too.
    """
    packs = request.packs or settings.packs
    _check_packs(packs)
    if request.only:
        rules, selection = [RULES[id_] for id_ in dict.fromkeys(_ids(request.only))], "chosen by name"
        packs = ()
    elif request.framework is not None and not request.packs:
        rules, packs = [rule for rule in RULES.values() if not is_advisory(rule)], ()
        selection = ""
    else:
        rules = rules_of(*packs)
        selection = f"of the pack{'s' if len(packs) > 1 else ''} {', '.join(packs)}"
    if request.framework is not None:
        if request.framework not in frameworks_of(RULES.values()):
            names = sorted(frameworks_of(RULES.values()))
            raise WrongRequest(
                f"there is no framework {request.framework!r}; {closest(request.framework, names)}"
            )
        rules = [rule for rule in rules if request.framework in rule.controls]
        title = FRAMEWORKS[request.framework].title if request.framework in FRAMEWORKS else request.framework
        selection = f"{selection} for {title}".strip()
    left_out = set(_ids(request.without))
    chosen = sorted((rule for rule in rules if rule.id not in left_out), key=lambda rule: rule.id)
    if not chosen:
        raise WrongRequest("no rule is left to run; leave out an option that narrows them")
    return chosen, selection, packs


def _ids(words: tuple[str, ...]) -> list[str]:
    ids = [id_.strip().upper() for word in words for id_ in word.split(",") if id_.strip()]
    for id_ in ids:
        if id_ not in RULES:
            raise WrongRequest(no_rule(id_, RULES))
    return ids


def _check_packs(packs: tuple[str, ...]) -> None:
    for pack in packs:
        if pack not in PACKS:
            raise WrongRequest(f"there is no pack {pack!r}; there are {', '.join(sorted(PACKS))}")


def load_settings(path: str | None) -> Settings:
    """Return the settings of a YAML or JSON file; the defaults without one."""
    if path is None:
        return DEFAULTS
    content = _yaml(path)
    if content is None:
        return DEFAULTS
    if not isinstance(content, dict):
        raise WrongRequest(f"{path}: settings are names with values, such as 'packs: [strict]'")
    try:
        return read_settings(content)
    except WrongSettings as problem:
        raise WrongRequest(f"{path}: {problem}") from None


def _yaml(path: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as problem:
        raise Unreadable(f"{path}: {problem.strerror or problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise Unreadable(f"{path}: not YAML that can be read ({' '.join(str(problem).split())})") from None


def _suppressions(request: Request, settings: Settings) -> Suppressions:
    """Return what is accepted: `--suppressions` and the settings. Paths count from where the user stands."""
    if not request.suppress:
        if request.suppressions is not None:
            raise WrongRequest("give either --suppressions or --no-suppressions")
        return Suppressions((), settings)
    found = Suppressions((), settings)
    if isinstance(settings.suppressions, str):
        found.add(read_suppressions(_from_here(settings.suppressions), settings))
    else:
        found.add(settings.suppressions)
    if request.suppressions is not None:
        found.add(read_suppressions(request.suppressions, settings))
    return found


def _from_here(path: str) -> Path:
    return Path(os.environ.get("PWD", "."), path)


class _Known(msgspec.Struct):
    stack: str
    rule: str
    urn: str
    key: str
    verdict: str
    suppressed: Any = None


class _Baseline(msgspec.Struct):
    findings: list[_Known]
    version: int = msgspec.field(name="schema")


def known_findings(path: str) -> frozenset[tuple[Identity, bool]]:
    """Return the identities of the findings of an older JSON report, and if they were undecided.

    What was suppressed then is not known: without its suppression it is back.
    """
    from timestream_policies.reports.contract import SCHEMA

    how = "give one that 'timestream-policies check --format json' wrote"
    try:
        found = msgspec.json.decode(Path(path).read_bytes(), type=_Baseline)
    except OSError as problem:
        raise Unreadable(f"{path}: {problem.strerror or problem}") from None
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as problem:
        raise Unreadable(f"{path}: not a JSON report ({problem}); {how}") from None
    if found.version != SCHEMA:
        raise Unreadable(f"{path}: a report of schema {found.version}, not {SCHEMA}; {how}")
    return frozenset(
        ((finding.stack, finding.rule, finding.urn, finding.key), finding.verdict == "undecided")
        for finding in found.findings
        if finding.suppressed is None
    )
