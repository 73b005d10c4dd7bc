/** The worlds themselves as tests, and tests of their auditor. May import whatever the worlds import. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.lab.world;
