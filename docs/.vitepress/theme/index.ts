import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import 'uplot/dist/uPlot.min.css';
import BenchmarkCharts from './BenchmarkCharts.vue';
import CellExplorer from './CellExplorer.vue';
import './style.css';

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('BenchmarkCharts', BenchmarkCharts);
    app.component('CellExplorer', CellExplorer);
  },
};

export default theme;
