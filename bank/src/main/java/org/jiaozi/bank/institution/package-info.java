/**
 * What an institution decides: enrolling, loading, depositing, renewing, remitting, seizing. Pure functions from what was
 * looked up and what is asked to what shall be done; the server looks up, stores and sends. Also the core-banking port
 * behind which a bank can put its own accounts. Imports {@code java.base} and core.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.bank.institution;
