"""The walking kernel in a browser: led by mouse and keyboard, its weights typed, its pixels drawn, its sums nnkit's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit import functional, tensor
from nnkit.widgets.kernel_walk import SEVEN, KernelWalk

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch

EDGE = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]


def by_nnkit(state: dict[str, Any]) -> list[list[float]]:
    x, w = (tensor(np.array(state[name], float)[None, None]) for name in ("image", "kernel"))
    return functional.conv2d(x, w, stride=int(state["stride"]), padding=int(state["pad"])).numpy()[0, 0].tolist()


def shown(bench: Bench) -> list[float]:
    """The numbers of the result, as they stand in its cells."""
    cells = bench.root.locator('svg[aria-label="result"] text').all_text_contents()
    return [float(text.replace("−", "-")) for text in cells if text]


def wrong(image: Any, kernel: Any) -> Any:
    """Right but for the last column, which it takes from its left neighbour."""
    found = np.array(by_nnkit({"image": image, "kernel": kernel, "stride": 1, "pad": 0}))
    found[:, -1] = found[:, -2]
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_it_has_no_fault_and_says_the_sum(page: Any, dark: bool) -> None:
    bench = Bench(page, KernelWalk(row=1, column=3, draw=True, yours=wrong), dark)
    assert bench.words == "Row 1, column 3 of the result: 2·1 + 0·(−1) + 2·1 + 0·(−1) = 4."
    page.locator(".nnkit-wrong").first.wait_for(state="attached")
    assert bench.violations() == []
    assert bench.complaints == []


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 0), (1, 1), (3, 2)])
def test_every_result_is_that_of_nnkit(page: Any, stride: int, pad: int) -> None:
    kernel = np.random.default_rng(stride).integers(-4, 5, (3, 2))
    walk = KernelWalk(kernel=kernel, stride=stride, pad=pad, all=True)
    assert shown(Bench(page, walk)) == np.ravel(by_nnkit(walk.state)).tolist()


def test_the_mouse_leads_the_kernel_over_image_and_result(page: Any, record_property: Any) -> None:
    bench = Bench(page, KernelWalk(kernel=EDGE))
    image, result = (page.locator(f'svg[aria-label="{name}"]') for name in ("image", "result"))
    box = image.bounding_box()
    with Watch(bench.root) as watch:
        for row, column in [(0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (3, 1), (3, 2), (3, 3)]:
            before = bench.drawn
            page.mouse.move(box["x"] + box["width"] * (column + 1.5) / 6, box["y"] + box["height"] * (row + 1.5) / 6)
            bench.wait_until_drawn(before)
            assert bench.words.startswith(f"Row {row}, column {column} ")
    record_property("latency", watch.seen.line("kernel walk, led by the mouse"))
    box = result.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 3 / 8, box["y"] + box["height"] / 8)
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.startsWith('Row 0, column 1')")
    expected = by_nnkit(bench.settled())
    assert bench.words.endswith(f"= {expected[0][1]:.0f}.".replace("-", "−"))
    assert shown(bench) == [expected[0][0], expected[0][1]]
    assert bench.complaints == []


def test_the_keyboard_leads_it_and_play_goes_to_the_end(page: Any, record_property: Any) -> None:
    bench = Bench(page, KernelWalk(kernel=EDGE))
    page.get_by_role("slider", name="the kernel on the image").focus()
    for key, at in (
        ("ArrowRight", "0, column 1"),
        ("ArrowDown", "1, column 1"),
        ("End", "3, column 3"),
        ("Home", "0, column 0"),
    ):
        page.keyboard.press(key)
        page.wait_for_function(
            "at => document.querySelector('.nnkit-words').innerText.startsWith(`Row ${at} `)", arg=at
        )
    page.keyboard.press("ArrowUp")
    assert bench.words.startswith("Row 0, column 0")
    page.get_by_role("slider", name="place of the kernel").fill("12")
    with Watch(bench.root) as watch:
        page.get_by_role("button", name="Play").click()
        page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.startsWith('Row 3, column 3')")
    record_property("latency", watch.seen.line("kernel walk, played"))
    assert shown(bench) == np.ravel(by_nnkit(bench.settled())).tolist()


def test_weights_are_typed_and_committed_by_enter(page: Any) -> None:
    bench = Bench(page, KernelWalk(kernel=[[1, 0], [0, 0]], all=True))
    for name in ("0, 0", "0, 1", "1, 0", "1, 1"):
        page.get_by_role("textbox", name=f"weight {name}").fill("1/4")
        page.keyboard.press("Enter")
    state = bench.settled()
    assert state["kernel"] == [[0.25, 0.25], [0.25, 0.25]]
    assert shown(bench) == np.ravel(by_nnkit(state)).tolist()
    page.get_by_role("textbox", name="weight 0, 0").fill("many")
    page.keyboard.press("Enter")
    assert bench.settled()["kernel"][0][0] == 0.25
    page.get_by_label("kernel, columns").select_option("3")
    page.get_by_role("textbox", name="weight 1, 2").fill("-2")
    page.keyboard.press("Enter")
    state = bench.settled()
    assert state["kernel"] == [[0.25, 0.25, 0], [0.25, 0.25, -2]]
    assert shown(bench) == np.ravel(by_nnkit(state)).tolist()
    assert bench.complaints == []


def test_pixels_are_drawn_by_mouse_and_by_keyboard(page: Any) -> None:
    bench = Bench(page, KernelWalk(kernel=[[1]], all=True))
    page.get_by_label("image", exact=True).first.select_option("white paper")
    page.get_by_label("draw pixels").check()
    box = page.locator('svg[aria-label="image"]').bounding_box()
    page.mouse.move(box["x"] + box["width"] / 12, box["y"] + box["height"] / 12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 5 / 12, box["y"] + box["height"] / 12, steps=8)
    page.mouse.up()
    for key in ("ArrowDown", " ", " ", "ArrowRight", "7"):
        page.keyboard.press(key)
    image = bench.settled()["image"]
    assert image[:2] == [[1, 1, 1, 0, 0, 0], [0, 0, 2, 7, 0, 0]]
    assert np.sum(image) == 12
    assert shown(bench) == np.ravel(image).tolist()


def test_a_readers_function_is_compared_place_by_place(page: Any) -> None:
    Bench(page, KernelWalk(kernel=[[1, 2], [3, 4]], yours=wrong, all=True, row=1, column=4))
    verdict = page.locator(".nnkit-verdict")
    page.locator(".nnkit-wrong").first.wait_for(state="attached")
    sums = np.array(by_nnkit({"image": SEVEN, "kernel": [[1, 2], [3, 4]], "stride": 1, "pad": 0}))
    apart = int(np.sum(sums[:, -1] != sums[:, -2]))
    assert page.locator(".nnkit-wrong").count() == apart
    assert page.locator(".nnkit-right").count() == 25 - apart
    assert f"something else at {apart} of 25 places" in verdict.inner_text()
    assert verdict.inner_text().endswith("Here: yours 8, sum of products 0.")


def test_a_mended_function_is_seen_when_the_reader_comes_back(page: Any) -> None:
    def crashing(image: Any, kernel: Any) -> Any:
        return image @ np.ones(7)

    walk = KernelWalk(kernel=[[1, 2], [3, 4]], yours=crashing)
    Bench(page, walk)
    verdict = page.locator(".nnkit-verdict")
    verdict.get_by_text("Your crashing stopped with an error").wait_for()
    walk._yours = wrong
    page.get_by_role("button", name="Step").focus()
    page.locator(".nnkit-right").first.wait_for(state="attached")


def test_a_size_that_does_not_fit_is_a_sentence(page: Any) -> None:
    bench = Bench(page, KernelWalk(image=[[1, 2], [3, 4]], kernel=[[1, 1], [1, 1]], pad=1, row=2, column=2))
    page.get_by_label("pad, typed").fill("0")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.startsWith('Row 0, column 0')")
    assert bench.words.endswith("= 10.")
