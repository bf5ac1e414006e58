-- An approved text is no contact before it is reserved: it may never leave.
update occurrence set contact_at = null where state = 'approved';
