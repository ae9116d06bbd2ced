/*
 * Included before everything on Linux: names the oldest versions of what the addon takes from glibc, so that what is
 * linked here runs where glibc is older. Most functions have one version; these were given a second one since: memcpy
 * (2.14), and all that moved from libpthread into libc (2.34), where the old names go on to work. Node has loaded both.
 */
#if defined __x86_64__
#define CONGRUENT_GLIBC "GLIBC_2.2.5"
__asm__(".symver memcpy, memcpy@" CONGRUENT_GLIBC);
#elif defined __aarch64__
#define CONGRUENT_GLIBC "GLIBC_2.17"
#endif

__asm__(".symver pthread_create, pthread_create@" CONGRUENT_GLIBC);
__asm__(".symver pthread_join, pthread_join@" CONGRUENT_GLIBC);
