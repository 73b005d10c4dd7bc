/** An institution's rules as tables. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.bank.institution;
