"""Who is taken for whom, on labelled traces: no person is lost, and no machine counts."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contentlib.sharing.visits import agents, reporting
from contentlib.sharing.visits.classify import SIGNS, judge
from contentlib.sharing.visits.evidence import Asked, Evidence, Verdict
from contentlib.sharing.visits.figures import TRACES
from contentlib.sharing.visits.models import VisitClass, What
from contentlib.sharing.visits.reading_time import fold
from contentlib.sharing.visits.words import REASONS
from tests.sharing.traces.make import MADE, RECORDED, made, read, written

Trace = dict[str, Any]
DOCS = Path(__file__).parents[2] / "docs/counting.md"


def evidence_of(trace: Trace) -> Evidence:
    return Evidence(
        asked=[
            Asked(asked["at"], What(asked["what"]), asked["page"], asked["facts"])
            for asked in trace["asked"]
        ],
        reading=fold(
            reporting.read(report, arrived=report["arrived"]) for report in trace["reports"]
        ),
        since_sent=trace["since_sent"],
        networks=trace["networks"],
        who=trace["who"],
        verified=trace["verified"],
    )


def verdict_of(trace: Trace) -> Verdict:
    return judge(evidence_of(trace))


def by_layers(trace: Trace) -> bool:
    return verdict_of(trace).visit_class is VisitClass.HUMAN


def by_agent_alone(trace: Trace) -> bool:
    """Take everybody for a person who does not say otherwise."""
    agent = trace["asked"][0]["facts"].get("agent", "")
    told = agents.PREVIEWS.search(agent) or agents.PROGRAMS.search(agent)
    return not (told or agents.HEADLESS.search(agent))


def by_script_alone(trace: Trace) -> bool:
    """Take everybody for a person whose browser ran the page's script."""
    return bool(trace["reports"])


def figures(traces: list[Trace], counts: Callable[[Trace], bool]) -> tuple[float, float]:
    """Return precision and recall for people; colleagues and makers are known by other means."""
    outside = [trace for trace in traces if trace["label"] not in ("internal", "self", "unknown")]
    taken = [trace for trace in outside if counts(trace)]
    people = [trace for trace in outside if trace["label"] == "human"]
    right = sum(trace["label"] == "human" for trace in taken)
    return right / len(taken), right / len(people)


def corpus() -> list[Trace]:
    return [*read(MADE), *read(RECORDED)]


@pytest.mark.parametrize("split", ["train", "test"])
def test_people_are_told_from_machines(split: str, capsys: pytest.CaptureFixture[str]) -> None:
    traces = [trace for trace in corpus() if trace["split"] == split]
    precision, recall = figures(traces, by_layers)
    with capsys.disabled():
        sys.stdout.write(f"\n{split}: {len(traces)} traces\n")
        for name, counts in BASELINES.items():
            line = "  {}: precision {:.3f}, recall {:.3f}\n"
            sys.stdout.write(line.format(name, *figures(traces, counts)))
    assert precision >= 0.98
    assert recall >= 0.95


BASELINES = {
    "layers": by_layers,
    "agent alone": by_agent_alone,
    "script alone": by_script_alone,
}


def test_layers_are_better_than_an_agent_or_a_script_alone() -> None:
    traces = [trace for trace in corpus() if trace["split"] == "test"]
    ours = figures(traces, by_layers)[0]
    assert figures(traces, by_agent_alone)[0] < ours
    assert figures(traces, by_script_alone)[0] < ours


def test_the_figures_that_are_published_are_those_of_the_traces() -> None:
    traces = [trace for trace in corpus() if trace["split"] == "test"]
    methods = {"layers": by_layers, "agent": by_agent_alone, "script": by_script_alone}
    found = [(name, *figures(traces, counts)) for name, counts in methods.items()]
    rounded = [(name, round(right, 3), round(all_, 3)) for name, right, all_ in found]
    assert rounded == list(TRACES)
    lines = [f"| {right:.3f} | {all_:.3f} |".replace("| 0.", "| .") for _, right, all_ in TRACES]
    page = DOCS.read_text()
    assert [line for line in lines if line not in page] == []


def test_every_reason_has_words_and_a_line_in_the_rules() -> None:
    given = {reason for trace in corpus() for reason in verdict_of(trace).reasons}
    assert given | set(SIGNS) <= set(REASONS)
    page = DOCS.read_text()
    assert [reason for reason in REASONS if f"`{reason}`" not in page] == []


@pytest.mark.parametrize("label", ["preview", "internal", "self", "unknown"])
def test_every_other_class_is_told_as_it_is(label: str) -> None:
    wrong = [
        (trace["family"], trace["number"], verdict_of(trace))
        for trace in corpus()
        if trace["label"] == label and verdict_of(trace).visit_class != label
    ]
    assert wrong == []


def test_the_corpus_is_what_its_families_make() -> None:
    assert MADE.read_text() == written(made())
    assert len(corpus()) >= 150
