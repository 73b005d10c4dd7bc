/**
 * Fuzzes every reader of outside bytes: a named target for each, their committed corpora, and the command that lets
 * Jazzer loose on them in processes of its own. Imports every module's readers; Jazzer itself is only started, never
 * imported.
 */
@NullMarked
package org.jiaozi.lab.fuzz;

import org.jspecify.annotations.NullMarked;
