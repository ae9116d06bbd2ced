#include "threads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MOST_THREADS = 256 };

struct congruent_pool {
  pthread_mutex_t lock;
  pthread_cond_t called; /* there are places, or the pool closes */
  pthread_cond_t left;   /* nobody works any more */
  pthread_t threads[MOST_THREADS];
  int count;
  bool closing;
  int places;  /* threads that may still join the work at hand */
  int working; /* threads that have joined it and not left */

  /* The work at hand: written while nobody works. */
  void (*task)(void *context, int index);
  void *context;
  int tasks;
  atomic_int next;
};

congruent_pool *congruent_pool_open(void) {
  congruent_pool *pool = calloc(1, sizeof *pool);
  if (pool == NULL) return NULL;
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->called, NULL);
  pthread_cond_init(&pool->left, NULL);
  return pool;
}

static void work(congruent_pool *pool) {
  for (int index; (index = atomic_fetch_add(&pool->next, 1)) < pool->tasks;) pool->task(pool->context, index);
}

static void *wait_for_work(void *argument) {
  congruent_pool *pool = argument;
  pthread_mutex_lock(&pool->lock);
  for (;;) {
    while (pool->places == 0 && !pool->closing) pthread_cond_wait(&pool->called, &pool->lock);
    if (pool->closing) break;
    pool->places--;
    pool->working++;
    pthread_mutex_unlock(&pool->lock);
    work(pool);
    pthread_mutex_lock(&pool->lock);
    if (--pool->working == 0) pthread_cond_signal(&pool->left);
  }
  pthread_mutex_unlock(&pool->lock);
  return NULL;
}

void congruent_pool_run(congruent_pool *pool, int threads, int tasks, void (*task)(void *context, int index),
                        void *context) {
  int helpers = (threads < tasks ? threads : tasks) - 1;
  if (helpers > MOST_THREADS) helpers = MOST_THREADS;
  while (pool->count < helpers && pthread_create(&pool->threads[pool->count], NULL, wait_for_work, pool) == 0) {
    pool->count++;
  }
  pthread_mutex_lock(&pool->lock);
  pool->task = task;
  pool->context = context;
  pool->tasks = tasks;
  atomic_store(&pool->next, 0);
  if (helpers > 0) pool->places = helpers;
  for (int helper = 0; helper < helpers; helper++) pthread_cond_signal(&pool->called);
  pthread_mutex_unlock(&pool->lock);
  work(pool);
  pthread_mutex_lock(&pool->lock);
  pool->places = 0; /* whoever wakes up late finds nothing to do, and is not waited for */
  while (pool->working > 0) pthread_cond_wait(&pool->left, &pool->lock);
  pthread_mutex_unlock(&pool->lock);
}

void congruent_pool_close(congruent_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->closing = true;
  pthread_cond_broadcast(&pool->called);
  pthread_mutex_unlock(&pool->lock);
  for (int thread = 0; thread < pool->count; thread++) pthread_join(pool->threads[thread], NULL);
  pthread_cond_destroy(&pool->left);
  pthread_cond_destroy(&pool->called);
  pthread_mutex_destroy(&pool->lock);
  free(pool);
}
