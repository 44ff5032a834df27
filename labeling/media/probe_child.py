"""The probe's child: ``python -m labeling.media.probe_child``, spoken to over its pipes."""

from __future__ import annotations

from pathlib import Path

from labeling.media.confine import ParentLine, allow_cpu, confine_memory
from labeling.media.errors import MediaRefused
from labeling.media.limits import MediaLimits
from labeling.media.pictureset import Course, survey_pictures
from labeling.media.speaker import Speaker
from labeling.media.stillimage import DECODE_ERRORS, image_rgb, open_image
from labeling.media.survey import ErrorLog, survey_video
from labeling.media.tabling import table_from_survey
from labeling.media.wire import Message


def main() -> None:
    """Serve one request, then end."""
    line = ParentLine()
    request, _ = line.receive()
    limits = MediaLimits(**request["limits"])
    confine_memory(limits.memory_bytes)
    allow_cpu(limits.probe_cpu_seconds)
    speaker = Speaker()
    try:
        if request["kind"] == "image":
            _probe_image(request, limits, speaker)
        elif request["kind"] == "video":
            _probe_video(request, limits, speaker)
        else:
            _probe_series(request, limits, speaker)
    except MediaRefused as refusal:
        speaker.say({"refused": refusal.code, "sentence": refusal.sentence})
    except MemoryError:
        sentence = "The file needs more memory to decode than is allowed."
        speaker.say({"refused": "too_large", "sentence": sentence})


def _probe_image(request: Message, limits: MediaLimits, speaker: Speaker) -> None:
    with open_image(Path(request["path"]), form=request["code"], max_pixels=limits.max_pixels) as image:
        try:
            height, width, _ = image_rgb(image).shape
        except DECODE_ERRORS as error:
            raise MediaRefused(
                "undecodable", "The picture cannot be decoded: it is cut short or broken."
            ) from error
    speaker.say({"width": width, "height": height})


def _probe_video(request: Message, limits: MediaLimits, speaker: Speaker) -> None:
    log = ErrorLog()
    with Path(request["path"]).open("rb", buffering=0) as file, log.watch():
        survey = survey_video(
            file, demuxer=request["code"], limits=limits, log=log, progress=speaker.progress
        )
    table = table_from_survey(survey)
    speaker.say({"width": survey.width, "height": survey.height}, table.to_bytes())


def _probe_series(request: Message, limits: MediaLimits, speaker: Speaker) -> None:
    course = Course(limits, speaker.progress)
    with Path(request["path"]).open("rb") as file:
        if request["kind"] == "dicom":
            # Its libraries are large, and other kinds do without.
            from labeling.media.dicomset import survey_dicom

            table = survey_dicom(file, is_archive=request["code"] == "zip", course=course)
        else:
            table = survey_pictures(file, kind=request["kind"], course=course)
    speaker.say({"width": table.width, "height": table.height}, table.to_bytes())


if __name__ == "__main__":
    main()
