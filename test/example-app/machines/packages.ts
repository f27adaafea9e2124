// What these tests need of Debian. Its packages may start services of their own, which are left alone.

export const PACKAGES = 'redis-server nginx';
