/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Whether a folder that a team file names may be read and written. The file is
 * a stranger's, the folder is the host's: a file that says "/etc" must not get
 * it. The person at the keyboard names any folder by --file and --collect.
 */
#include <stdbool.h>

/*
 * True when `dir` (existing or not) is the current folder or lies beneath it,
 * or beneath the temporary folder (/tmp, TMPDIR), links resolved; never the
 * root folder, the caller's home or the temporary folder themselves.
 */
bool work_dir_allowed(const char *dir);
