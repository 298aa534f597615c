/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A folder of the test's own, which becomes its current one and goes with the
 * test, however that ends. */

/* Makes and enters it; a failure ends the test. One a test. */
const char *folder_enter(void);
