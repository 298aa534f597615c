/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the fuzzers; knows nothing of what they test. */
#include "tests/fuzz/fuzz.h"

#include "executor/base/buf.h"
#include "executor/base/err.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JSON_BYTES_MAX ((size_t)64 << 20)

void fuzz_fail(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

void fuzz_same(const char *a, const char *b, const char *what, const char *file,
	       int line)
{
	if (str_equal(a, b))
		return;
	fprintf(stderr, "one:   %s\nother: %s\n", a ? a : "NULL",
		b ? b : "NULL");
	fuzz_fail(what, file, line);
}

struct fuzz_dice fuzz_dice(const uint8_t *data, size_t size)
{
	struct fuzz_dice d = { 0x9e3779b97f4a7c15u ^ size };

	for (size_t i = 0; i < size; i++)
		d.state = (d.state ^ data[i]) * 0x100000001b3u;
	return d;
}

size_t fuzz_throw(struct fuzz_dice *d, size_t max)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u;

	/* splitmix64 */
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return max == SIZE_MAX ? z : (size_t)(z % (max + 1));
}

uint8_t fuzz_byte(struct fuzz_bytes *b)
{
	if (!b->left)
		return 0;
	b->left--;
	return *b->at++;
}

uint64_t fuzz_u64(struct fuzz_bytes *b)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v |= (uint64_t)fuzz_byte(b) << 8 * i;
	return v;
}

char *fuzz_string(struct fuzz_bytes *b)
{
	size_t len = fuzz_byte(b);
	char *out;

	if (len > b->left)
		len = b->left;
	out = mem_strndup((const char *)b->at,
			  strnlen((const char *)b->at, len));
	b->at += len;
	b->left -= len;
	return out;
}

char *fuzz_copy(const uint8_t *data, size_t size)
{
	/* not mem_copy(): that adds a byte where there is none */
	char *out = malloc(size ? size : 1);

	FUZZ_CHECK(out);
	if (size)
		memcpy(out, data, size);
	return out;
}

char *fuzz_text(const uint8_t *data, size_t size)
{
	char *out = mem_zero(size + 1, 1);

	if (size)
		memcpy(out, data, size);
	return out;
}

static bool same_number(const struct json *a, const struct json *b)
{
	double x = json_number(a, 0), y = json_number(b, 0);
	int64_t i = 0, j = 0;

	return memcmp(&x, &y, sizeof(x)) == 0 &&
	       json_int(a, &i) == json_int(b, &j) && i == j;
}

bool fuzz_json_same(const struct json *a, const struct json *b)
{
	const struct json *x = json_child(a), *y = json_child(b);

	if (json_type(a) != json_type(b) ||
	    !str_equal(json_string(a), json_string(b)) ||
	    json_bool(a, false) != json_bool(b, false) || !same_number(a, b))
		return false;
	for (; x && y; x = json_next(x), y = json_next(y))
		if (!str_equal(json_key(x), json_key(y)) ||
		    !fuzz_json_same(x, y))
			return false;
	return !x && !y;
}

struct json *fuzz_json(const struct buf *text)
{
	struct err err = { 0 };
	struct json *j;

	FUZZ_CHECK(!text->overflow);
	j = json_parse(text->data, text->len, JSON_BYTES_MAX, &err);
	if (!j)
		fprintf(stderr, "%s\nin: %s\n", err.text, text->data);
	FUZZ_CHECK(j);
	return j;
}

void fuzz_check_err(const struct err *err)
{
	FUZZ_CHECK(err->code != ERR_NONE);
	FUZZ_CHECK(err->code != ERR_INTERNAL);
	FUZZ_CHECK(memchr(err->text, 0, sizeof(err->text)));
	FUZZ_CHECK(*err->text);
	FUZZ_CHECK(memchr(err->field, 0, sizeof(err->field)));
	FUZZ_CHECK(memchr(err->remedy, 0, sizeof(err->remedy)));
}

static char folder[PATH_MAX];
static pid_t folder_owner;

static int remove_one(const char *path, const struct stat *st, int flag,
		      struct FTW *at)
{
	return remove(path);
}

static void remove_folder(void)
{
	if (getpid() == folder_owner)
		nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
	const char *above = getenv("TMPDIR");

	if (!*folder) {
		snprintf(folder, sizeof(folder), "%s/coop-fuzz-XXXXXX",
			 above && *above ? above : "/tmp");
		FUZZ_CHECK(mkdtemp(folder));
		folder_owner = getpid();
		atexit(remove_folder);
	}
	return folder;
}

void fuzz_file(const char *name, const void *data, size_t size)
{
	char path[PATH_MAX];
	size_t above = strlen(fuzz_folder()) + 1;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", fuzz_folder(), name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	for (char *p = path + above; fd < 0 && *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		FUZZ_CHECK(mkdir(path, 0700) == 0 || errno == EEXIST);
		*p = '/';
	}
	if (fd < 0)
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(write(fd, data, size) == (ssize_t)size);
	close(fd);
}
