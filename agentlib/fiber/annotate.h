/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Tells AddressSanitizer, LeakSanitizer and valgrind about stacks they did not
 * make. Everything here is empty in builds without them. Does not switch.
 */
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ANNOTATE_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ANNOTATE_ASAN 1
#endif

#ifdef ANNOTATE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>

/* Sanitizers put red zones between locals: frames are about twice as large. */
#define ANNOTATE_STACK_FACTOR 2

/* Before a switch to the stack [low, low + size). `fake` keeps the frames that
 * the sanitizer holds elsewhere; NULL when the present stack never runs again. */
static inline void annotate_leave(void **fake, const void *low, size_t size)
{
	__sanitizer_start_switch_fiber(fake, low, size);
}

/* First thing after a switch; *low and *size become the stack that was left. */
static inline void annotate_arrive(void *fake, const void **low, size_t *size)
{
	__sanitizer_finish_switch_fiber(fake, low, size);
}

/* A fiber begins on this stack: what it points at is not leaked. */
static inline void annotate_begin(const void *low, size_t size)
{
	__lsan_register_root_region(low, size);
}

/* Nothing runs on this stack any more: forget its pointers and red zones. */
static inline void annotate_end(const void *low, size_t size)
{
	__lsan_unregister_root_region(low, size);
	__asan_unpoison_memory_region(low, size);
}
#else
#define ANNOTATE_STACK_FACTOR 1

static inline void annotate_leave(void **fake, const void *low, size_t size)
{
}

static inline void annotate_arrive(void *fake, const void **low, size_t *size)
{
}

static inline void annotate_begin(const void *low, size_t size)
{
}

static inline void annotate_end(const void *low, size_t size)
{
}
#endif

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#define ANNOTATE_VALGRIND 1
#endif
#endif

#ifdef ANNOTATE_VALGRIND
#include <valgrind/valgrind.h>

/* A stack is mapped; the id is for annotate_unmap(). */
static inline unsigned annotate_map(const char *low, size_t size)
{
	return VALGRIND_STACK_REGISTER(low, low + size);
}

/* A stack is about to be unmapped. */
static inline void annotate_unmap(unsigned id)
{
	VALGRIND_STACK_DEREGISTER(id);
}
#else
static inline unsigned annotate_map(const char *low, size_t size)
{
	return 0;
}

static inline void annotate_unmap(unsigned id)
{
}
#endif
