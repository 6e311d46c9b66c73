"""Prints how good the search is on the judged set: `make relevance`."""

from contentlib.search.engines import throw_away_engine
from tests.relevance.collection import documents, queries
from tests.relevance.measuring import by_half, by_slice, losses, measured


def main() -> None:
    """Measure and print."""
    with throw_away_engine("whoosh", "") as engine:
        count = engine.rebuild(documents())
        rows = measured(engine, queries())
    print(f"{count} materials\n")
    print(
        "| slice | queries | first | nDCG@5 | nDCG@10 | recall@5 |\n|---|---:|---:|---:|---:|---:|"
    )
    for name, one in (by_slice(rows) | by_half(rows)).items():
        print(
            f"| {name} | {one.queries} | {one.first:.3f} | {one.ndcg5:.3f} | {one.ndcg10:.3f} "
            f"| {one.recall5:.3f} |"
        )
    print()
    for kind, lost in losses(rows).items():
        print(f"{kind}: {lost:+.1%} of nDCG@5 lost against the queries they vary")


if __name__ == "__main__":
    main()
