/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Functions that Coop does not use do not compile. The Makefile includes this
 * before every file. The system's headers that declare them come first, since
 * a poisoned name may not even be declared. What to use instead: str_copy,
 * buf_printf, mem_printf, str_parse_*, str_word, posix_spawn, memfd_create.
 */
#ifndef __ASSEMBLER__
#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#undef alloca
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat strncpy strncat stpcpy gets
#pragma GCC poison sprintf vsprintf strtok atoi atol atoll atof
#pragma GCC poison popen tmpnam tempnam mktemp alloca
/* The word is also a message's role, so only calls of it are refused; clang
 * would want the attribute on the first declaration. */
#ifndef __clang__
extern int system(const char *command)
	__attribute__((error("use posix_spawn")));
#endif
#endif
