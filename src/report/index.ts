export { type ReportOptions, reportRuns } from './report-runs.js';
export { type QualityReportOptions, reportQuality } from './report-quality.js';
