// The Debian packages that these tests need. They may start services of their own, which are left alone.

export const PACKAGES = 'redis-server nginx';
