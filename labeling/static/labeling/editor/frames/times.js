// @ts-check

/**
 * About when a frame is shown, as minutes and seconds: “1:02.48”.
 * @param {number} frame
 * @param {number} rate frames a second
 */
export function timeText(frame, rate) {
  const hundredths = Math.round((frame / rate) * 100);
  const [minutes, rest] = [Math.floor(hundredths / 6000), hundredths % 6000];
  return `${minutes}:${String(Math.floor(rest / 100)).padStart(2, "0")}.${String(rest % 100).padStart(2, "0")}`;
}
