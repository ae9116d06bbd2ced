/* Threads that share work; only this file and threads.c know how the operating system makes some. */
#ifndef CONGRUENT_THREADS_H
#define CONGRUENT_THREADS_H

typedef struct congruent_pool congruent_pool;

/* A pool without threads: they are made when they are first needed. NULL where there is no memory. */
congruent_pool *congruent_pool_open(void);

/*
 * Calls `task` for each index below `tasks`, on at most `threads` threads, the caller's among them, and returns when all
 * have been done. Fewer threads, where the system gives no more, do the same work. One caller at a time.
 */
void congruent_pool_run(congruent_pool *pool, int threads, int tasks, void (*task)(void *context, int index),
                        void *context);

/* Ends the threads and frees the pool. */
void congruent_pool_close(congruent_pool *pool);

#endif
