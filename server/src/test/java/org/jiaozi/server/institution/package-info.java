/** Institutions on the real database, against the real central bank, over real connections. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.server.institution;
