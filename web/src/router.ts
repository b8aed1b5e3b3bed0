// The pages. Each is a chunk of its own, so the first view loads only itself.
import { createRouter, createWebHistory, type Router } from 'vue-router';
import type { createConsoleI18n } from './i18n';

export const routes = [
  { path: '/', name: 'overview', meta: { title: 'nav.overview' }, component: () => import('./pages/OverviewPage.vue') },
  { path: '/targets', name: 'targets', meta: { title: 'nav.targets' }, component: () => import('./pages/TargetsPage.vue') },
  { path: '/targets/:name', name: 'target', props: true, meta: { title: 'nav.targets' }, component: () => import('./pages/TargetPage.vue') },
  { path: '/explore', name: 'explore', meta: { title: 'nav.explore' }, component: () => import('./pages/ExplorePage.vue') },
  { path: '/indicators', name: 'indicators', meta: { title: 'nav.indicators' }, component: () => import('./pages/IndicatorsPage.vue') },
  { path: '/indicators/:name', name: 'indicator', props: true, meta: { title: 'nav.indicators' }, component: () => import('./pages/IndicatorPage.vue') },
  { path: '/alerts', name: 'alerts', meta: { title: 'nav.alerts' }, component: () => import('./pages/AlertsPage.vue') },
  { path: '/progress', name: 'progress', meta: { title: 'nav.progress' }, component: () => import('./pages/ProgressPage.vue') },
  { path: '/indicators/:name/history', name: 'history', props: true, meta: { title: 'nav.indicators' }, component: () => import('./pages/HistoryPage.vue') },
  { path: '/published', name: 'published', meta: { title: 'nav.published' }, component: () => import('./pages/PublishedPage.vue') },
  { path: '/monthly', name: 'monthly', meta: { title: 'nav.monthly' }, component: () => import('./pages/MonthlyPage.vue') },
  { path: '/drafts', name: 'drafts', meta: { title: 'nav.drafts' }, component: () => import('./pages/DraftsPage.vue') },
  { path: '/drafts/:id', name: 'draft', props: true, meta: { title: 'nav.drafts' }, component: () => import('./pages/DraftPage.vue') },
  { path: '/data', name: 'data', meta: { title: 'nav.data' }, component: () => import('./pages/DataPage.vue') },
  { path: '/data/deliveries/:id', name: 'delivery', props: true, meta: { title: 'nav.data' }, component: () => import('./pages/DeliveryPage.vue') },
  { path: '/quarantine', name: 'quarantine', meta: { title: 'nav.quarantine' }, component: () => import('./pages/QuarantinePage.vue') },
  { path: '/sources', name: 'sources', meta: { title: 'nav.sources' }, component: () => import('./pages/SourcesPage.vue') },
  { path: '/:rest(.*)*', name: 'missing', meta: { title: 'missing.title' }, component: () => import('./pages/MissingPage.vue') },
];

export function createConsoleRouter(i18n: ReturnType<typeof createConsoleI18n>): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes,
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
  });
  router.afterEach((to) => {
    document.title = `${i18n.global.t(String(to.meta.title))} · ${i18n.global.t('app.name')}`;
  });
  return router;
}
