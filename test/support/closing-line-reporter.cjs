'use strict';

/**
 * Ends the run with the plain line `N passed, N failed, N skipped`, which people and CI can both
 * read without knowing jest, after the reasons of what was skipped.
 */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.testResults
      .flatMap((file) => file.testResults)
      .filter((test) => test.status === 'pending')
      .map((test) => `skipped: ${test.fullName}\n`);
    const line = `${results.numPassedTests} passed, ${failed} failed, ${results.numPendingTests} skipped`;
    // Jest's own summary comes after all reporters.
    process.once('exit', () => process.stdout.write(`\n${skipped.join('')}${line}\n`));
  }
};
