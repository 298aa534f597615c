/* SPDX-License-Identifier: Apache-2.0 */
/* What counts as changed, and which names may be written. */
#include "executor/run/workspace.h"

#include "executor/base/mem.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

static bool changed(const struct workspace *w, const char *path)
{
	for (size_t i = 0; i < w->count; i++)
		if (!strcmp(w->items[i].path, path))
			return w->items[i].changed;
	CHECK(!"known");
	return false;
}

static void tells_what_changed(void)
{
	struct workspace known, now;

	workspace_init(&known);
	workspace_init(&now);
	workspace_note(&known, "same", 1, 10, 100);
	workspace_note(&known, "grown", 1, 11, 100);
	workspace_note(&known, "touched", 1, 12, 100);
	workspace_note(&known, "replaced", 1, 13, 100);
	workspace_note(&known, "removed", 1, 14, 100);
	workspace_note(&now, "new", 0, 20, 200);
	workspace_note(&now, "replaced", 1, 21, 100);
	workspace_note(&now, "same", 1, 10, 100);
	workspace_note(&now, "touched", 1, 12, 101);
	workspace_note(&now, "grown", 2, 11, 100);
	CHECK_INT(workspace_update(&known, &now), 4);
	CHECK_INT(known.count, 5);
	CHECK_INT(now.count, 0);
	CHECK(!changed(&known, "same"));
	CHECK(changed(&known, "grown"));
	CHECK(changed(&known, "touched"));
	CHECK(changed(&known, "replaced"));
	CHECK(changed(&known, "new"));
	workspace_finish(&known);
	workspace_finish(&now);
}

static void the_last_note_of_a_path_wins(void)
{
	struct workspace known, now;

	workspace_init(&known);
	workspace_init(&now);
	workspace_note(&known, "a", 1, 1, 1);
	workspace_note(&known, "b", 1, 1, 1);
	workspace_note(&known, "a", 5, 5, 5);
	workspace_note(&now, "a", 5, 5, 5);
	CHECK_INT(workspace_update(&known, &now), 0);
	workspace_finish(&known);
}

static void many_files(void)
{
	struct workspace known, now;
	char path[32];

	workspace_init(&known);
	workspace_init(&now);
	for (int i = 0; i < 20000; i++) {
		snprintf(path, sizeof(path), "d%d/f%d", i % 7, i);
		workspace_note(&known, path, 1, (uint64_t)i, 1);
		workspace_note(&now, path, i % 1000 ? 1 : 2, (uint64_t)i, 1);
	}
	CHECK_INT(workspace_update(&known, &now), 20);
	workspace_finish(&known);
}

static const struct {
	const char *path;
	bool ok;
} paths[] = {
	{ "a", true },          { "a/b.txt", true },
	{ "...", true },        { ".hidden", true },
	{ "b\xc3\xa4r", true }, { "with blank", true },
	{ "a\\..\\b", true },   { "%2e%2e", true },
	{ "", false },          { "/etc/passwd", false },
	{ "..", false },        { "../x", false },
	{ "a/../../b", false }, { "a/..", false },
	{ ".", false },         { "a/./b", false },
	{ "a//b", false },      { "a/", false },
	{ "new\nline", false }, { "tab\t", false },
	{ "del\x7f", false },   { "bad\xff", false },
};

static void names_that_may_be_written(void)
{
	char name[512];

	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		if (!CHECK_INT(workspace_path_fault(paths[i].path) == NULL,
			       paths[i].ok))
			tap_note("%s", paths[i].path);
	memset(name, 'x', 256);
	name[256] = '\0';
	CHECK(workspace_path_fault(name) != NULL);
	name[255] = '\0';
	CHECK(workspace_path_fault(name) == NULL);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(tells_what_changed),
		TEST(the_last_note_of_a_path_wins),
		TEST(many_files),
		TEST(names_that_may_be_written),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
