/**
 * Work that is done together because it came together: a transaction for many requests costs little more than for one. Imports the
 * service's faults and nothing of any role.
 */
@NullMarked
package org.jiaozi.server.lot;

import org.jspecify.annotations.NullMarked;
