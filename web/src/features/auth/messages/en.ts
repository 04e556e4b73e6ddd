export default {
  ended: 'Your session has ended. What you were writing is kept: log in to go on.',
  title: 'Log in to your desk',
  email: 'E-mail',
  password: 'Password',
  logIn: 'Log in',
  logOutFailed: 'You are still logged in',
  retry: 'Try again',
}
