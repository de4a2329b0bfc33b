/** Version of this project: manifests, server and documents. A test compares it with package.json. */
export const VERSION = '0.1.0';
