// Names the Debian packages that these tests need. Installing them might start services, which the tests
// ignore.

export const PACKAGES = 'redis-server nginx';
