export default {
  entry: { main: './page.js', processor: './processor.js' },
};
