"""To whom a frame belongs, which segmenter answers, and what is kept."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from labeling.lane.live import Answerer, LiveWorker, best_clicker, best_detector, worker_of
from labeling.lane.prompts import Picture
from labeling.offers import Reads
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


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab"), st.integers(1, 60)), max_size=60))
def test_models_share_the_room_and_keep_apart_what_they_know(asked: list[tuple[int, str, int]]) -> None:
    kept = KeptEmbeddings(100)
    made: dict[tuple[str, int, str], Encoded] = {}
    for frame, model, nbytes in asked:
        key = ("media", frame, model)

        def make(key: tuple[str, int, str] = key, nbytes: int = nbytes) -> Encoded:
            made[key] = Encoded(nbytes)
            return made[key]

        assert kept.get(key, make) is made[key]
        assert kept.nbytes <= 100 or len(kept.kept) == 1


def test_a_frame_that_two_models_know_leaves_with_the_one_that_rested_longest() -> None:
    kept = KeptEmbeddings(100)
    for frame, model in ((1, "sam3 1"), (1, "similar 1"), (1, "sam3 1"), (2, "similar 1")):
        kept.get(("media", frame, model), lambda: Encoded(40))
    assert [key[1:] for key in kept.kept] == [(1, "sam3 1"), (2, "similar 1")]


def test_an_embedding_that_grows_makes_room_at_the_next_look() -> None:
    """Searches are kept with their picture, so that it holds more than when it was made."""

    class Growing:
        nbytes = 10

    kept, growing = KeptEmbeddings(100), Growing()
    kept.get(("media", 1, "a"), lambda: Encoded(60))
    kept.get(("media", 2, "similar 1"), lambda: growing)
    growing.nbytes = 70
    kept.get(("media", 2, "similar 1"), lambda: growing)
    assert [frame for _, frame, _ in kept.kept] == [2]


def test_words_are_understood_by_the_best_detector_that_reads_them() -> None:
    words, examples = (Reads.WORDS,), (Reads.EXAMPLES,)
    one = LiveWorker("a", "q", (), {"similar": examples, "zebra": words})
    two = LiveWorker("b", "r", (), {"sam3": (*words, *examples)})
    assert best_detector([one, two], reads=Reads.WORDS) == "sam3"
    assert best_detector([one, two], reads=Reads.EXAMPLES) == "sam3"
    assert best_detector([one], reads=Reads.WORDS) == "zebra"
    assert best_detector([one], reads=Reads.EXAMPLES) == "similar"
    assert best_detector([one], reads=Reads.WORDS, wanted="similar") == ""
    assert (
        worker_of([one, two], picture=Picture(1, "k", 0), answerer=Answerer("similar", Reads.WORDS)) is None
    )
