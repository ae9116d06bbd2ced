/* What runs a program on a Cortex-M without an operating system: it prints by semihosting, which the emulator serves. */
#include <stdint.h>
#include <stdlib.h>

extern uint32_t stack_top;
int main(void);
void initialise_monitor_handles(void);

/* What newlib calls at the end. */
void _fini(void) {}

static void reset(void) {
  *(volatile uint32_t *)0xe000ed88u |= 0xfu << 20; /* CPACR: access to the floating-point unit */
  __asm__ volatile("dsb\n isb");
  initialise_monitor_handles();
  exit(main());
}

static void fault(void) {
  abort();
}

__attribute__((section(".vectors"), used)) static const struct {
  const uint32_t *stack;
  void (*handlers[15])(void);
} vectors = {&stack_top, {reset, fault, fault, fault, fault, fault}};
