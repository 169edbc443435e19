// Clicks on the button of a notebook's first cell.

/**
 * @param {{times: number, pause: number}} how pause is in ms, on the average
 * @returns {Promise<number[]>} when it has clicked
 */
export async function click({ times, pause }) {
  const button = document.querySelector("button.jupyter-button");
  const clicked = [];
  for (let n = 0; n < times; n++) {
    await new Promise((done) => setTimeout(done, pause * (0.5 + Math.random())));
    clicked.push(Date.now());
    button.click();
  }
  return clicked;
}
