// Starts the console.
import { createApp } from 'vue';
import App from './App.vue';
import { createConsoleI18n } from './i18n';
import { createConsoleRouter } from './router';
import './theme/tokens.css';
import './theme/base.css';
import './theme/table.css';
import './theme/print.css';

const i18n = createConsoleI18n();
createApp(App).use(i18n).use(createConsoleRouter(i18n)).mount('#app');
