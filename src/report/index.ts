export { type ReportOptions, reportRuns } from './report-runs.js';
