/** The version of the package (a test compares): what another one kept may mean something else, and is not gone on with. */
export const VERSION = '0.1.0';
