"""To whom a frame belongs, which segmenter answers, and what is kept."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from labeling.lane.live import Answerer, LiveWorker, best_clicker, worker_of
from labeling.lane.prompts import Picture
from workers.lane.embeddings import KeptEmbeddings

names = st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=6, unique=True)
pictures = st.builds(Picture, media_id=st.just(1), key=st.text("0123", min_size=1), frame=st.integers(0, 999))

SCRIPTED = Answerer("scripted")


def workers(ids: list[str]) -> list[LiveWorker]:
    return [LiveWorker(one, f"interactive.{one}", ("scripted",)) for one in ids]


@given(names, pictures, st.randoms())
def test_a_frame_stays_with_its_worker_whoever_else_comes_or_goes(
    ids: list[str], picture: Picture, random: object
) -> None:
    live = workers(ids)
    mine = worker_of(live, picture=picture, answerer=SCRIPTED)
    assert mine is not None
    for left in range(len(live)):
        others = [worker for worker in live[left:] if worker is not mine]
        assert worker_of([*others, mine], picture=picture, answerer=SCRIPTED) is mine


def test_only_workers_that_have_the_segmenter_are_asked() -> None:
    able, unable = LiveWorker("a", "q", ("sam2",)), LiveWorker("b", "r", ("classical",))
    for frame in range(20):
        assert worker_of([able, unable], picture=Picture(1, "k", frame), answerer=Answerer("sam2")) is able
    assert worker_of([unable], picture=Picture(1, "k", 0), answerer=Answerer("sam2")) is None


def test_clicks_want_sam_3_then_sam_2_then_installed_ones_then_the_classical_one() -> None:
    offered = ["scripted", "classical", "zebra", "sam2", "sam3"]
    chosen = []
    while offered:
        chosen.append(best_clicker([LiveWorker("a", "q", tuple(offered))]))
        offered.remove(chosen[-1])
    assert chosen == ["sam3", "sam2", "zebra", "classical", "scripted"]
    assert best_clicker([]) == ""
    assert best_clicker([LiveWorker("a", "q", ("sam2", "classical"))], wanted="classical") == "classical"


@dataclass(frozen=True)
class Encoded:
    nbytes: int


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60)), max_size=60))
def test_embeddings_never_hold_more_than_their_share_beside_the_last_one(
    asked: list[tuple[int, int]],
) -> None:
    kept = KeptEmbeddings(100)
    for frame, nbytes in asked:
        key = ("media", frame, "scripted")
        given_before = kept.kept.get(key)
        got = kept.get(key, lambda nbytes=nbytes: Encoded(nbytes))  # type: ignore[misc]
        assert given_before is None or got is given_before
        assert kept.nbytes <= 100 or len(kept.kept) == 1


def test_the_embedding_that_rested_longest_goes_first() -> None:
    kept = KeptEmbeddings(100)
    for frame in (1, 2, 1, 3):
        kept.get(("media", frame, "scripted"), lambda: Encoded(40))
    assert [frame for _, frame, _ in kept.kept] == [1, 3]
