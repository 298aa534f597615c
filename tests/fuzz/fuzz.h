/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the fuzzers share. A fuzzer NAME_fuzz.c is one function that gets bytes
 * and checks what must hold for all bytes; libFuzzer brings main(). A broken
 * property ends the process as a crash does, so that libFuzzer keeps the input.
 *
 * Text formats take the whole input as their text, so that files of corpus/
 * can be read and written by hand; other choices (where to cut it, say) are
 * thrown by a dice that the input seeds. Binary formats take() from the front.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The fuzzer itself; 0, or -1 to keep the input out of the corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Called once before the first input, if the fuzzer has it; 0. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define FUZZ_CHECK(cond)                                                       \
	do {                                                                   \
		if (!(cond))                                                   \
			fuzz_fail(#cond, __FILE__, __LINE__);                  \
	} while (0)

/* As FUZZ_CHECK(strcmp(a, b) == 0), but says what they were. */
#define FUZZ_SAME(a, b) fuzz_same((a), (b), #a " is " #b, __FILE__, __LINE__)

/* Says what did not hold and ends the process. */
_Noreturn void fuzz_fail(const char *what, const char *file, int line);
void fuzz_same(const char *a, const char *b, const char *what, const char *file,
	       int line);

/* Pseudo-random choices, the same for the same input. */
struct fuzz_dice {
	uint64_t state;
};

/* A dice that `data` seeds. */
struct fuzz_dice fuzz_dice(const uint8_t *data, size_t size);

/* A number from 0 to max. */
size_t fuzz_throw(struct fuzz_dice *d, size_t max);

/* Input that is consumed from the front. */
struct fuzz_bytes {
	const uint8_t *at;
	size_t left;
};

/* The next byte, or the next eight as a number; zeros at the end. */
uint8_t fuzz_byte(struct fuzz_bytes *b);
uint64_t fuzz_u64(struct fuzz_bytes *b);

/* The next piece, its length a byte before it, as a string that ends at its
 * first NUL; free by mem_free(). */
char *fuzz_string(struct fuzz_bytes *b);

/* All of it in a block of exactly its size, so that a byte too far is seen. */
char *fuzz_copy(const uint8_t *data, size_t size);

/* All of it, NUL-ended; what stands behind a NUL in it is not seen by who takes
 * it as a string. */
char *fuzz_text(const uint8_t *data, size_t size);

struct buf;
struct json;

/* Whether two trees are equal to the last bit of every number. */
bool fuzz_json_same(const struct json *a, const struct json *b);

/* Reads back what was written: it must be JSON; fails otherwise. The caller
 * ends it by json_destroy(). */
struct json *fuzz_json(const struct buf *text);

struct err;

/* What every error must have: a code that is not Coop's own failure, and a
 * sentence. */
void fuzz_check_err(const struct err *err);

/*
 * A folder for this process, removed at its end: below TMPDIR, which scripts/
 * fuzz puts into memory. The path lives as long as the process.
 */
const char *fuzz_folder(void);

/* Writes a whole file below fuzz_folder(); folders of `name` are made. */
void fuzz_file(const char *name, const void *data, size_t size);
