-- A deposit may be released before it is booked: the sum waits in suspense for it. If the deposit is honoured elsewhere
-- instead, the sum is WITHDRAWN: it left the institution's clearing with it.
ALTER TABLE suspense DROP CONSTRAINT suspense_state_check;
ALTER TABLE suspense ADD CONSTRAINT suspense_state_check
    CHECK (state IN ('RETURNING', 'RETURNED', 'OPEN', 'PAYING', 'PAID', 'WITHDRAWN'));
