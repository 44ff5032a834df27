"""A pointer that is driven from within the page, a step a repaint: nothing waits for the driver."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tools.bench.workbench.tracing import Steps, steps_of

STEPS = 120

DRIVE = """async ({ start, radius, steps }) => {
  const stage = document.querySelector("#stage");
  const box = stage.getBoundingClientRect();
  const fire = (type, [x, y], buttons) => {
    const [sx, sy] = labelyard.viewport.toScreen(x, y);
    const place = { clientX: box.left + sx, clientY: box.top + sy };
    const button = type === "pointermove" ? -1 : 0;
    const more = { pointerId: 1, pointerType: "mouse", isPrimary: true, bubbles: true, cancelable: true };
    stage.dispatchEvent(new PointerEvent(type, { ...place, ...more, button, buttons }));
  };
  const repaint = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const along = (step) => {
    const angle = (step / steps) * 6 * Math.PI;
    return [start[0] + radius * Math.sin(angle), start[1] + radius * (1 - Math.cos(angle))];
  };
  fire("pointermove", start, 0);
  fire("pointerdown", start, 1);
  await repaint();
  for (let step = 1; step <= steps; step += 1) {
    await repaint();
    performance.mark("step");
    fire("pointermove", along(step), 1);
  }
  await repaint();
  performance.mark("end");
  fire("pointerup", along(steps), 0);
}"""


def dragged(browser: Browser, page: Page, *, start: tuple[float, float], radius: float) -> Steps:
    """Press at a point of the frame, go in circles of ``radius`` (pixels of the frame), and let go."""
    order = {"start": start, "radius": radius, "steps": STEPS}
    return steps_of(browser, lambda: page.evaluate(DRIVE, order))
