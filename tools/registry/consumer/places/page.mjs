// Runs a layer in each place that is not the page; its title says how that went.
const answerOf = (port) => new Promise((resolve) => port.addEventListener('message', ({ data }) => resolve(data)));

const places = {
  async worker() {
    const worker = new Worker('./worker.js', { type: 'module' });
    return answerOf(worker);
  },
  async serviceWorker() {
    await navigator.serviceWorker.register('./service-worker.js', { type: 'module' });
    const { active } = await navigator.serviceWorker.ready;
    const answer = answerOf(navigator.serviceWorker);
    navigator.serviceWorker.startMessages();
    active.postMessage('run');
    return answer;
  },
  async audioWorklet() {
    const context = new AudioContext();
    await context.audioWorklet.addModule('./processor.js');
    const { port } = new AudioWorkletNode(context, 'layer');
    const answer = answerOf(port);
    port.start();
    return answer;
  },
};

const place = places[new URLSearchParams(location.search).get('place')];
place().then(
  (backend) => (document.title = `fine: ${backend}`),
  (error) => (document.title = `failed: ${error.stack ?? error}`),
);
