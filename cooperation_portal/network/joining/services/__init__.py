"""What changes who acts for which company: requests to join, invitations, memberships."""
