/**
 * Note, transfers and certificates that together prove a slice, their packed wire form and the check of it. Imports
 * values, codec, crypto ports, refusals and statements.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.lineage;
