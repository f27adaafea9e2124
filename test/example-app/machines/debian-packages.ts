// The Debian packages that these tests need. Installing them may start services, which the tests ignore.

export const PACKAGES = 'redis-server nginx';
