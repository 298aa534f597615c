/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heap, and the one place where Coop ends for want of memory. It limits
 * nothing: what strangers can grow has its maximum in buf or arena.
 */
#include "executor/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Nothing here may allocate. A program that cannot get a few bytes cannot
 * clean up either: its boxes end because its sockets close.
 */
_Noreturn static void out_of_memory(void)
{
	static const char text[] = "coop: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)ignored;
	abort();
}

void *mem_zero(size_t count, size_t size)
{
	void *p;

	if (!count || !size)
		count = size = 1;
	p = calloc(count, size);
	if (!p)
		out_of_memory();
	return p;
}

void *mem_resize(void *old, size_t count, size_t size)
{
	void *p;

	if (!count || !size)
		count = size = 1;
	p = reallocarray(old, count, size);
	if (!p)
		out_of_memory();
	return p;
}

void *mem_copy(const void *data, size_t len)
{
	void *p = mem_resize(NULL, len, 1);

	if (len)
		memcpy(p, data, len);
	return p;
}

char *mem_strdup(const char *s)
{
	return s ? mem_copy(s, strlen(s) + 1) : NULL;
}

char *mem_strndup(const char *s, size_t len)
{
	char *p;

	if (len == SIZE_MAX)
		out_of_memory();
	p = mem_resize(NULL, len + 1, 1);
	if (len)
		memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	return s;
}

void mem_free(void *p)
{
	free(p);
}

void mem_cleanup(void *p)
{
	free(*(void **)p);
}
